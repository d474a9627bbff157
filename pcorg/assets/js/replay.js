/**
 * Plays the years on the home page: a button that steps from date to date by itself. The steps are links and work
 * without it. Each step fetches the page of the next date and puts its parts (data-replay="…") in place of the old.
 */
const PAUSE = 1600;

const control = document.querySelector("[data-replay-control]");
if (control) prepare(control);

function prepare(section) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "nhsuk-button nhsuk-button--secondary nhsuk-button--small pc-stepper__play";
  button.textContent = "Play the years";
  const told = document.createElement("p");
  told.className = "nhsuk-u-visually-hidden";
  told.setAttribute("aria-live", "polite");
  section.querySelector(".pc-stepper__heading").after(button, told);

  bringIntoView();

  let timer = null;
  const stop = () => {
    clearTimeout(timer);
    timer = null;
    button.textContent = "Play the years";
  };
  const step = async () => {
    const link = following();
    if (!link) return stop();
    try {
      await show(link.href);
    } catch {
      location.assign(link.href); // the page itself says what is wrong
      return stop();
    }
    told.textContent = `${document.querySelector(".pc-date-bar__statement").textContent.trim()}: ${document.getElementById("summary").textContent}`;
    if (timer !== null) timer = setTimeout(step, PAUSE);
  };
  button.addEventListener("click", () => {
    if (timer !== null) return stop();
    button.textContent = "Pause";
    timer = setTimeout(step, following() ? 0 : PAUSE);
    if (!following()) show(links()[0].href); // at the end: begin again
  });
}

function links() {
  return [...document.querySelectorAll(".pc-replay__link")];
}

function dateOf(address) {
  return new URL(address, location.href).searchParams.get("as_of");
}

function following() {
  const now = document.querySelector(".pc-date-bar__statement time").dateTime;
  return links().find((link) => dateOf(link.href) > now);
}

/** The current step in the middle of the strip; the page itself stays where it is. */
function bringIntoView() {
  const current = document.querySelector('.pc-replay__link[aria-current="date"]');
  if (!current) return;
  const strip = current.closest(".pc-replay__list");
  const [step, frame] = [current.getBoundingClientRect(), strip.getBoundingClientRect()];
  if (step.left >= frame.left && step.right <= frame.right) return;
  strip.scrollLeft += step.left - frame.left - strip.clientWidth / 3;
}

async function show(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const fresh of page.querySelectorAll("[data-replay]")) {
    document.querySelector(`[data-replay="${fresh.dataset.replay}"]`)?.replaceWith(document.importNode(fresh, true));
  }
  document.title = page.title;
  history.replaceState(null, "", address);
  bringIntoView();
  document.dispatchEvent(new Event("pc-content-replaced"));
}
