/**
 * Keeps the preview of a proposed change, or the results of an assessment, up to date while a form is filled in.
 * Everything works without it: the form's button does the same. After a pause in typing the form is sent as it stands, and the parts of the answer
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
    try {
      const answer = await ask(form, asking.signal);
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const fresh of page.querySelectorAll("[data-live]")) replace(fresh);
      document.dispatchEvent(new Event("pc-content-replaced")); // charts are drawn anew
      const verdict = document.querySelector("[data-live] .pc-verdict, [data-verdict], #part-preview p");
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
  form.addEventListener("input", ({ target }) => {
    const choice = document.getElementById(target.dataset.selects ?? ""); // filling this in means choosing that
    if (choice) choice.checked = true;
    soon();
  });
  form.addEventListener("change", soon);
}

/** A form that proposes is sent; one that only asks (method get) is an address. */
function ask(form, signal) {
  const content = new FormData(form);
  if (form.method === "get") return fetch(`${form.action.split("?")[0]}?${new URLSearchParams(content)}`, { signal });
  content.append("live", "yes");
  return fetch(form.action, { method: "POST", body: content, signal });
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
