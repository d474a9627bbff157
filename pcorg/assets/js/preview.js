/**
 * Keeps the preview of a proposed change up to date while its form is filled in. Everything works without it: the
 * button “Preview” does the same. After a pause in typing the form is sent as it stands, and the parts of the answer
 * that are marked data-live take the place of the old; a part that holds the field in use is left alone.
 */
const PAUSE = 600;

const form = document.querySelector("[data-live-form]");
if (form) keepUpToDate(form);

function keepUpToDate(form) {
  const told = document.createElement("p");
  told.className = "nhsuk-u-visually-hidden";
  told.setAttribute("role", "status");
  document.getElementById("preview").append(told);

  let timer = null;
  let asking = null;
  const refresh = async () => {
    asking = new AbortController();
    const content = new FormData(form);
    content.append("live", "yes");
    try {
      const answer = await fetch(form.action, { method: "POST", body: content, signal: asking.signal });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const fresh of page.querySelectorAll("[data-live]")) replace(fresh);
      const verdict = document.querySelector("#part-preview .pc-verdict, #part-preview p");
      if (verdict && told.textContent !== verdict.textContent) told.textContent = verdict.textContent;
    } catch (error) {
      if (error.name !== "AbortError") console.info("The preview could not be refreshed.");
    }
  };
  const soon = () => {
    asking?.abort(); // an answer to what stood here before would overwrite what is being typed
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
}

function replace(fresh) {
  const old = document.getElementById(fresh.id);
  if (!old || old.contains(document.activeElement) || old.innerHTML === fresh.innerHTML) return;
  const opened = [...old.querySelectorAll("details")].map((each) => each.open);
  const made = document.importNode(fresh, true);
  if (made.querySelectorAll("details").length === opened.length) {
    made.querySelectorAll("details").forEach((each, place) => (each.open = opened[place]));
  }
  old.replaceWith(made);
}
