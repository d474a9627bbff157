/**
 * Keeps the page of a job that goes on up to date: what stands in `data-job` is read again every few seconds, and a change
 * of its state is read out. Without it the reader follows the link on the page.
 */
const EVERY = 3000;
const job = document.querySelector("[data-job]");
if (job) follow(job, announcer(job));

function follow(shown, announce) {
  setTimeout(async () => {
    if (document.visibilityState === "hidden" || shown.contains(document.activeElement)) return follow(shown, announce);
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return; // signed out meanwhile: the link on the page says so
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const state = page.querySelector("[data-state]");
      if (!state) return;
      const fresh = document.importNode(state.closest("[data-job]") ?? state.closest("dl").parentElement, true);
      if (shown.querySelector("[data-state]").dataset.state !== state.dataset.state) announce(state.textContent);
      shown.replaceWith(fresh);
      document.title = page.title;
      if (fresh.hasAttribute("data-job")) follow(fresh, announce);
    } catch {
      follow(shown, announce); // the network is away for a moment
    }
  }, EVERY);
}

function announcer(place) {
  const words = document.createElement("p");
  words.setAttribute("role", "status");
  words.className = "nhsuk-u-visually-hidden";
  place.before(words);
  return (text) => (words.textContent = `The job is now: ${text.toLowerCase()}`);
}
