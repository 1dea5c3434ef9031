// What the page does by itself: it asks once, follows what happens in the cohort, and files what is dropped on it.
"use strict";

const data = document.body.dataset;
const element = (id) => document.getElementById(id);

// --------------------------------------------------------------------------------------- asking

// A double click asks once: what is asked for twice is done twice, or refused as already done.
addEventListener("submit", (event) => {
  if ("asked" in event.target.dataset) event.preventDefault();
  event.target.dataset.asked = "";
});
addEventListener("pageshow", () => document.querySelectorAll("[data-asked]").forEach((form) => delete form.dataset.asked));

// ------------------------------------------------------------------------------------- following

let version = data.version;
let failures = 0;

async function follow() {
  try {
    const answer = await fetch(data.pulse);
    if (!answer.ok) throw new Error(answer.status);
    const told = await answer.json();
    failures = 0;
    element("muet").hidden = true;
    showRunning(told.running);
    if (told.version !== version && (await refresh())) version = told.version;
  } catch (fault) {
    failures += 1;
    if (failures >= 3 && fault.message === "404") location.reload(); // it says that the cohort is gone
    else if (failures >= 3) element("muet").hidden = false;
  }
  setTimeout(follow, element("marche").hidden ? 2000 : 500);
}

function showRunning(running) {
  const zone = element("marche"), bar = element("marche-barre");
  zone.hidden = !running;
  if (!running) return;
  if (element("marche-dit").textContent !== running.told) element("marche-dit").textContent = running.told;
  if (running.total) {
    bar.max = running.total;
    bar.value = running.done;
  } else {
    bar.removeAttribute("value");
  }
}

// The page is asked for again, and its living parts take the place of ours where they differ; what somebody has opened
// stays open, what they typed stays typed, and the keyboard stays where it was.
async function refresh() {
  const answer = await fetch(location.href);
  if (!answer.ok) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  let whole = true;
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = fresh.getElementById(part.id);
    if (other && busy(part)) whole = false; // its turn comes once nobody types in it
    else if (other) exchange(part, other);
  }
  return whole;
}

// A box that was ticked is not typed: it agreed to what stood beside it, and is to be ticked again beside anything else.
function busy(part) {
  const active = document.activeElement;
  return part.contains(active) && active.matches("input:not([type=hidden], [type=checkbox]), select") && active.value !== "";
}

function exchange(part, other) {
  const opened = [...part.querySelectorAll("details[open]")].map((each) => each.id);
  const trail = part.contains(document.activeElement) ? pathTo(part, document.activeElement) : null;
  for (const id of opened) other.querySelector("#" + CSS.escape(id))?.setAttribute("open", "");
  if (part.innerHTML === other.innerHTML) return;
  part.replaceWith(document.adoptNode(other));
  if (trail) keepFocus(other, trail.reduce((node, rank) => node?.children[rank], other));
}

// What had the focus may be gone: the keyboard then goes on from the part, never from the top of the page.
function keepFocus(part, place) {
  place?.focus();
  if (part.contains(document.activeElement)) return;
  part.tabIndex = -1;
  part.focus();
}

function pathTo(root, node) {
  const trail = [];
  for (; node !== root; node = node.parentElement) trail.unshift([...node.parentElement.children].indexOf(node));
  return trail;
}

// -------------------------------------------------------------------------------------- dropping

const waiting = [];
let filing = false, filed = 0, refused = 0;

function take(found) {
  if (!waiting.length && !filing) {
    filed = refused = 0;
    element("depot-liste")?.replaceChildren();
  }
  waiting.push(...found);
  if (!filing) fileAll();
}

async function fileAll() {
  filing = true;
  while (waiting.length) {
    const { file, path } = waiting.shift();
    say(`Dépôt de ${path}… ${waiting.length ? `(encore ${waiting.length})` : ""}`);
    const fault = await send(file, path);
    if (fault) refused += 1;
    else filed += 1;
    tell(path, fault);
  }
  filing = false;
  const many = (count, one, several) => `${count} ${count > 1 ? several : one}`;
  say([
    filed ? many(filed, "fichier déposé", "fichiers déposés") + "." : "",
    refused ? many(refused, "fichier refusé", "fichiers refusés") + "." : "",
  ].join(" "));
}

async function send(file, path) {
  if (file.size > Number(data.most)) return `trop gros (${Math.round(Number(data.most) / 1e6)} Mo au plus)`;
  try {
    const answer = await fetch(data.drop, {
      method: "POST",
      body: file,
      headers: { "Content-Type": "application/octet-stream", "X-Nom": encodeURIComponent(path) },
    });
    const told = await answer.json();
    return answer.ok ? "" : told.refus;
  } catch {
    return "il n’a pas pu être envoyé : déposez-le de nouveau";
  }
}

function say(text) {
  const place = element("depot-dit");
  if (place) place.textContent = text;
}

function tell(path, fault) {
  const line = document.createElement("li");
  line.textContent = fault ? `✗ ${path} : ${fault}` : `✓ ${path}`;
  if (fault) line.className = "bad";
  const list = element("depot-liste");
  if (!list) return;
  list.append(line);
  list.hidden = false;
}

async function* within(entry, path) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject)).catch(() => null);
    if (file) yield { file, path };
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)).catch(() => []);
    if (!some.length) return;
    for (const each of some) yield* within(each, `${path}/${each.name}`);
  }
}

async function dropped(transfer) {
  const found = [];
  const entries = [...transfer.items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  for (const entry of entries) {
    if (entry instanceof File) found.push({ file: entry, path: entry.name });
    else if (entry) for await (const each of within(entry, entry.name)) found.push(each);
  }
  take(found);
}

function chosen(event) {
  take([...event.target.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
  event.target.value = "";
}

if (data.pulse) {
  const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  let inside = 0;
  addEventListener("dragenter", (event) => {
    if (holdsFiles(event)) document.body.classList.toggle("over", ++inside > 0);
  });
  addEventListener("dragleave", (event) => {
    if (holdsFiles(event)) document.body.classList.toggle("over", --inside > 0);
  });
  addEventListener("dragover", (event) => {
    if (holdsFiles(event)) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    inside = 0;
    document.body.classList.remove("over");
    dropped(event.dataTransfer);
  });
  element("fichiers")?.addEventListener("change", chosen);
  element("dossier")?.addEventListener("change", chosen);
  follow();
}
