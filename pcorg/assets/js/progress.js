/**
 * Shows how far checking or loading a file has come. Without it the browser waits for the page that follows; with it the
 * same form is sent by script, which reads one line of JSON after another while the work goes on:
 *
 *   {"stage": "Replaying", "done": 12, "of": 40}   …   {"goes_to": "/load/…/"} or {"failed": true}
 */
for (const form of document.querySelectorAll("[data-progress-form]")) form.addEventListener("submit", (event) => send(event, form));

async function send(event, form) {
  const file = form.querySelector('input[type="file"]');
  if (file && !file.files.length) return; // the page itself says that one is missing
  event.preventDefault();
  if (form.dataset.sent) return;
  form.dataset.sent = "yes";
  const shown = show(form);
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/x-ndjson" },
    });
    if (!answer.headers.get("Content-Type")?.startsWith("application/x-ndjson")) return form.submit(); // its page says why
    for await (const line of linesOf(answer.body)) {
      if (line.goes_to) return location.assign(line.goes_to);
      if (line.failed) throw new Error("failed");
      shown.tell(line);
    }
    throw new Error("ended early");
  } catch {
    shown.fail();
    delete form.dataset.sent;
  }
}

function show(form) {
  form.parentElement.querySelector(".pc-progress")?.remove();
  const box = document.createElement("div");
  box.className = "pc-progress";
  const words = document.createElement("p");
  words.setAttribute("role", "status");
  words.textContent = "Sending the file …";
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", "How far the work has come");
  box.append(words, bar);
  form.after(box);
  let stage = "";
  return {
    tell(line) {
      if (line.of) [bar.max, bar.value] = [line.of, Math.min(line.done, line.of)];
      if (line.stage === stage) return; // read out once a stage
      stage = line.stage;
      words.textContent = line.of > 1 ? `${stage}: ${line.of} steps` : `${stage} …`;
    },
    fail() {
      bar.remove();
      words.textContent = "Something went wrong and nothing was loaded. Try again.";
    },
  };
}

async function* linesOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (held + value).split("\n");
    held = parts.pop();
    for (const part of parts) if (part) yield JSON.parse(part);
  }
}
