"use strict";
// The table of endpoints is complete without this: it adds search, order, groups, arrow keys, and opens trails.
(() => {
  const table = document.getElementById("matrix");
  if (!table) return;
  const tools = document.getElementById("matrix-tools");
  const { words, verdict, column, group } = Object.fromEntries(
    [...tools.querySelectorAll("input, select")].map((field) => [field.name, field]));
  const told = tools.querySelector("output");
  const heads = [...table.tHead.rows[0].cells];
  const most = 50; // rows of one <tbody>: what is not in view is not laid out

  const entries = [];
  for (const body of table.tBodies) {
    const [title, ...rows] = body.rows;
    for (const row of rows) {
      const cells = [...row.cells];
      const name = [...cells[0].childNodes].filter((node) => node.nodeName !== "NOSCRIPT");
      const text = name.map((node) => node.textContent).join(" ");
      entries.push({
        row, title, text,
        sought: (title.textContent + " " + text).toLowerCase(),
        codes: cells.slice(1).map((cell) => cell.className).join(""),
        place: entries.length,
      });
      cells[0].setAttribute("aria-expanded", "false");
    }
  }
  const entryOf = new Map(entries.map((entry) => [entry.row, entry]));
  const count = (number) => `${number.toLocaleString("en")} endpoint${number === 1 ? "" : "s"}`;

  // Which rows: those that hold all words, and the verdict in the column.
  const isShown = (entry, sought, codes) => {
    if (!sought.every((word) => entry.sought.includes(word))) return false;
    if (!codes) return true;
    const where = column.value ? entry.codes[column.value - 1] : entry.codes;
    return [...codes].some((code) => where.includes(code));
  };
  const filter = () => {
    const sought = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const codes = verdict.value === "h" ? "hw" : verdict.value;
    let shown = 0;
    for (const body of table.tBodies) {
      let any = false;
      for (const row of body.rows) {
        const entry = entryOf.get(row);
        if (!entry) continue;
        const is = isShown(entry, sought, codes);
        if (row.hidden === is) {
          row.hidden = !is;
          if (!is) close(entry);
        }
        any ||= is;
        shown += is;
      }
      if (body.hidden === any) body.hidden = !any;
    }
    told.textContent = shown === entries.length ? count(shown) : `${shown} of ${count(entries.length)}`;
    settle(current && !current.closest("[hidden]") ? current : heads[0]);
  };

  // In which order, under which titles.
  const ranks = "buwhn";
  let sorted = { at: -1, sign: 1 };
  const compare = (a, b) => {
    const { at, sign } = sorted;
    if (at < 0) return a.place - b.place;
    const by = at ? ranks.indexOf(a.codes[at - 1]) - ranks.indexOf(b.codes[at - 1]) : a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
    return sign * by || a.place - b.place;
  };
  const titled = (text, members) => {
    const row = document.createElement("tr");
    const cell = row.appendChild(document.createElement("th"));
    row.className = "group";
    cell.scope = "rowgroup";
    cell.colSpan = heads.length;
    const span = cell.appendChild(document.createElement("span"));
    const amount = document.createElement("span");
    amount.className = "soft";
    amount.textContent = count(members.length);
    span.append(text, " ", amount);
    return row;
  };
  const arrange = () => {
    const groups = new Map();
    for (const entry of [...entries].sort(compare)) {
      const key = group.value === "file" ? entry.title : group.value ? entry.row.dataset.callers : "";
      groups.has(key) ? groups.get(key).push(entry) : groups.set(key, [entry]);
    }
    const bodies = [];
    for (const [key, members] of groups) {
      const title = group.value === "file" ? key : group.value ? titled(key, members) : null;
      for (let start = 0; start < members.length; start += most) {
        const body = document.createElement("tbody");
        if (title && !start) body.append(title);
        for (const { row, detail } of members.slice(start, start + most)) body.append(...(detail ? [row, detail] : [row]));
        bodies.push(body);
      }
    }
    table.replaceChildren(table.tHead, ...bodies);
    filter();
  };
  const sort = (at) => {
    sorted = sorted.at !== at ? { at, sign: 1 } : sorted.sign > 0 ? { at, sign: -1 } : { at: -1, sign: 1 };
    heads.forEach((head, index) => {
      if (index === sorted.at) head.setAttribute("aria-sort", sorted.sign > 0 ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    });
    arrange();
  };

  // The trail of a row, made when it is asked for.
  const parsed = (node) => new DOMParser().parseFromString(node.textContent, "text/html").body;
  let shared;
  const close = (entry) => {
    if (!entry.detail) return;
    const held = entry.detail.contains(document.activeElement);
    entry.detail.remove();
    entry.detail = null;
    entry.row.cells[0].setAttribute("aria-expanded", "false");
    if (held) focus(entry.row.cells[0]);
  };
  const open = (entry, title) => {
    shared ||= parsed(document.getElementById("evidence"));
    const trail = parsed(entry.row.querySelector("noscript")).querySelector("details");
    trail.querySelector("summary").remove();
    for (const link of trail.querySelectorAll("a")) {
      const section = shared.querySelector(link.hash).cloneNode(true);
      section.removeAttribute("id");
      link.replaceWith(section);
    }
    for (const section of trail.children) {
      section.classList.toggle("asked", Boolean(title) && section.firstChild.textContent.includes(title + ":"));
    }
    const detail = document.createElement("tr");
    const cell = detail.appendChild(document.createElement("td"));
    detail.className = "detail";
    cell.colSpan = heads.length;
    cell.tabIndex = -1;
    cell.append(...trail.childNodes);
    entry.row.after(detail);
    entry.detail = detail;
    entry.row.cells[0].setAttribute("aria-expanded", "true");
  };
  const toggle = (cell) => {
    const entry = entryOf.get(cell.parentNode);
    entry.detail ? close(entry) : open(entry, cell.cellIndex ? heads[cell.cellIndex].firstChild.textContent.replaceAll("\u00ad", "") : "");
  };

  // One stop for the tab key; arrows go from cell to cell.
  let current;
  const settle = (cell) => {
    if (current) current.tabIndex = -1;
    current = cell;
    cell.tabIndex = 0;
  };
  const focus = (cell) => {
    settle(cell);
    cell.focus();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const isGoal = (row) => !row.hidden && !row.parentNode.hidden && !row.classList.contains("group");
  const besides = (row, step) => {
    const rows = [...table.rows];
    let at = rows.indexOf(row);
    for (at += step; at >= 0 && at < rows.length; at += step) if (isGoal(rows[at])) return rows[at];
  };
  const goal = (cell, event) => {
    const row = cell.parentNode;
    const at = cell.cellIndex;
    switch (event.key) {
      case "ArrowLeft": return row.cells[at - 1];
      case "ArrowRight": return row.cells[at + 1];
      case "Home": return event.ctrlKey ? heads[0] : row.cells[0];
      case "End": return event.ctrlKey ? [...table.rows].findLast(isGoal).cells[0] : row.cells[row.cells.length - 1];
      case "ArrowUp": case "ArrowDown": case "PageUp": case "PageDown": {
        const step = event.key.endsWith("Up") ? -1 : 1;
        let found = besides(row, step);
        if (event.key.startsWith("Page")) for (let times = 0; times < 9 && found; times++) found = besides(found, step) || found;
        return found && found.cells[Math.min(at, found.cells.length - 1)];
      }
    }
  };
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("th, td");
    if (!cell || event.target !== cell || event.altKey || event.metaKey) return;
    const entry = entryOf.get(cell.parentNode);
    const next = goal(cell, event);
    if (next) focus(next);
    else if (event.key === "Enter" || event.key === " ") {
      if (entry) toggle(cell);
      else if (heads.includes(cell)) sort(cell.cellIndex);
    } else if (event.key === "Escape") {
      const of = entry || entries.find((one) => one.detail === cell.parentNode);
      if (of) close(of);
    } else if (!/^(Arrow|Home|End|Page)/.test(event.key)) return;
    event.preventDefault();
  });
  table.addEventListener("click", (event) => {
    const cell = event.target.closest("th, td");
    if (!cell || String(getSelection())) return;
    if (entryOf.has(cell.parentNode)) {
      settle(cell);
      toggle(cell);
    } else if (heads.includes(cell)) {
      settle(cell);
      sort(cell.cellIndex);
    }
  });

  table.setAttribute("role", "grid");
  for (const [at, head] of heads.entries()) {
    head.tabIndex = -1;
    head.title = at ? "Sort by verdict" : "Sort by path";
  }
  for (const field of [words, verdict, column]) field.addEventListener("input", filter);
  group.addEventListener("input", arrange);
  tools.hidden = false;
  filter();
})();
