/**
 * Takes a page away whose reader is no longer signed in: when nothing was asked of the server in any window for as long as
 * a session lasts without use, or when they sign out in another window. The server ends the session whatever happens here;
 * this clears what stands on the screen. Windows tell each other by a channel: nothing is kept in the browser.
 */
const EVERY = 15_000;
const account = document.querySelector("[data-session-idle]");
if (account && "BroadcastChannel" in window) watch(Number(account.dataset.sessionIdle) * 1000, new BroadcastChannel("pcorg-session"));

function watch(idle, windows) {
  if (!idle) return windows.postMessage("ended"); // a page for strangers: whoever was signed in is no longer
  let used = Date.now();
  const leaveWhenOver = () => Date.now() - used >= idle && leave();
  windows.onmessage = ({ data }) => (data === "ended" ? leave() : (used = Date.now()));
  windows.postMessage("used");
  new PerformanceObserver((seen) => {
    if (!seen.getEntries().some((entry) => entry.initiatorType === "fetch")) return;
    used = Date.now();
    windows.postMessage("used");
  }).observe({ type: "resource" });
  setInterval(leaveWhenOver, EVERY);
  document.addEventListener("visibilitychange", leaveWhenOver); // timers stand still while a computer sleeps
}

function leave() {
  document.body.replaceChildren(); // also where the server cannot be reached
  location.replace(location.pathname + location.search);
}
