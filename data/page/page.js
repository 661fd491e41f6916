"use strict";
// Everything the page shows is made here from the statements in #data. Text goes in as text, never as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { parties, topics, statements, labels, rules } = data;
  const days = [...new Set(statements.map((s) => s.day).filter(Boolean))].sort();
  const outlets = [...new Set(statements.map((s) => s.outlet).filter(Boolean))].sort();
  const roles = [...new Set(statements.map((s) => s.role))].sort();
  const views = { matrix: "Matrix", changes: "Changes", spectrum: "Who stands where", gaps: "Gaps", statements: "Statements" };
  const state = { day: days.length - 1, rule: data.rule, party: "", topic: "", outlet: "", role: "", sure: 0, view: "matrix", cell: null, from: 0, to: days.length - 1 };
  const el = (id) => document.getElementById(id);

  /** Makes an element with attributes and children; strings become text. */
  function make(name, attributes, ...children) {
    const svg = ["svg", "g", "line", "circle", "text", "title", "path"].includes(name);
    const node = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (value !== undefined && value !== null && value !== false) node.setAttribute(key, value === true ? "" : value);
    }
    node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
    return node;
  }

  // ---- positions, by the rules of the program

  const sum = (values) => values.reduce((a, b) => a + b, 0);

  /** The most frequent value; of those as frequent the strongest, then the greater. */
  function frequent(values) {
    const counts = new Map();
    for (const v of values) counts.set(v, (counts.get(v) || 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1] || Math.abs(b[0]) - Math.abs(a[0]) || b[0] - a[0])[0][0];
  }

  const opposed = (values) => values.some((v) => v > 0) && values.some((v) => v < 0);

  const deciders = {
    latest(all) {
      const key = (s) => (s.day || "") + "#" + s.rank;
      const top = all.map(key).sort().pop();
      return all.filter((s) => key(s) === top);
    },
    strongest(all) {
      const top = Math.max(...all.map((s) => Math.abs(s.stance)));
      return all.filter((s) => Math.abs(s.stance) === top);
    },
    mean: (all) => all,
    majority: (all) => all,
  };

  function settle(rule, values) {
    if (rule === "mean") {
      const mean = sum(values) / values.length;
      const value = Math.sign(mean) * Math.round(Math.abs(mean));
      return value === 0 && opposed(values) ? "mixed" : value || 0;
    }
    if (rule === "majority") {
      const count = (sign) => values.filter((v) => Math.sign(v) === sign).length;
      const [yes, zero, no] = [count(1), count(0), count(-1)];
      if (yes === no && yes > 0 && yes >= zero) return "mixed";
      const sign = yes > no && yes >= zero ? 1 : no > yes && no >= zero ? -1 : 0;
      return frequent(values.filter((v) => Math.sign(v) === sign));
    }
    return opposed(values) ? "mixed" : frequent(values);
  }

  function passes(s) {
    return (!state.party || parties[s.party]?.id === state.party) && (!state.topic || topics[s.topic]?.id === state.topic)
      && (!state.outlet || s.outlet === state.outlet) && (!state.role || s.role === state.role) && s.confidence >= state.sure;
  }

  const isAfter = (s, day) => Boolean(s.day && day && s.day > day);

  /** Takes the repeats out of the statements of a party on a topic: within a story the same direction in the same words, or where quotes of a document overlap. */
  function unrepeated(all) {
    const kept = new Map();
    for (const s of [...all].sort((a, b) => a.place - b.place)) {
      const story = s.story || s.doc;
      if (!kept.has(story)) kept.set(story, []);
      const again = (k) => Math.sign(k.stance) === Math.sign(s.stance) && (k.words === s.words || (k.doc === s.doc && k.start < s.end && s.start < k.end));
      if (!kept.get(story).some(again)) kept.get(story).push(s);
    }
    const left = new Set([...kept.values()].flat());
    return all.filter((s) => left.has(s));
  }

  /** The statements that count as of a day, by "party/topic". */
  function counting(day) {
    const cells = new Map();
    for (const s of statements) {
      if (s.out || !passes(s) || isAfter(s, day)) continue;
      const key = s.party + "/" + s.topic;
      if (!cells.has(key)) cells.set(key, []);
      cells.get(key).push(s);
    }
    for (const [key, all] of cells) cells.set(key, unrepeated(all));
    return cells;
  }

  /** Tells of a statement why it does not count as of the day shown. */
  function reasons() {
    const counted = new Set([...counting(now()).values()].flat());
    return (s) => s.out || (counted.has(s) || isAfter(s, now()) ? null : passes(s) ? "repeat" : "filtered out");
  }

  /** The positions as of a day, by "party/topic". */
  function positions(day, rule = state.rule) {
    const cells = counting(day);
    for (const [key, all] of cells) {
      const deciding = deciders[rule](all);
      const stance = settle(rule, deciding.map((s) => s.stance));
      const conditions = deciding.filter((s) => s.condition && Math.sign(s.stance) === Math.sign(stance)).map((s) => s.condition);
      cells.set(key, { stance, deciding, all, conditions: [...new Set(conditions)], confidence: Math.max(...all.map((s) => s.confidence)) });
    }
    return cells;
  }

  // ---- words

  const word = (stance) => (stance === "mixed" ? labels.mixed : labels.stances[stance + 2]);
  const signed = (n) => (n > 0 ? "+" + n : n < 0 ? "\u2212" + -n : "0");
  const shown = (stance) => (stance === "mixed" ? labels.mixed : word(stance) + " (" + signed(stance) + ")");
  const shade = (stance) => (stance === "mixed" ? "sm" : "s" + stance);
  const many = (n, one, more) => n + " " + (n === 1 ? one : more || one + "s");
  const now = () => days[state.day] || null;

  // ---- views

  function matrix() {
    const cells = positions(now());
    const before = state.day > 0 ? positions(days[state.day - 1]) : new Map();
    const rows = parties.map((p, i) => [p, i]).filter(([p, i]) => !state.party || p.id === state.party).filter(([, i]) => topics.some((_, t) => cells.has(i + "/" + t)));
    const columns = topics.map((t, i) => [t, i]).filter(([t, i]) => !state.topic || t.id === state.topic).filter(([, i]) => parties.some((_, p) => cells.has(p + "/" + i)));
    const head = make("tr", null, make("th", { scope: "col" }, "Party"), columns.map(([t]) => make("th", { scope: "col", title: t.question }, t.name)));
    const body = rows.map(([p, i]) => make("tr", null, make("th", { scope: "row" }, p.name), columns.map(([t, j]) => {
      const found = cells.get(i + "/" + j);
      if (!found) return make("td", { class: "none" }, make("span", { "aria-label": labels.none }, "\u00b7"));
      const old = before.get(i + "/" + j);
      const moved = state.day > 0 && (!old || old.stance !== found.stance);
      const name = p.name + ", " + t.name + ": " + shown(found.stance) + ", " + many(found.all.length, "statement") + (moved ? ", moved on this day" : "");
      const cell = make("button", { type: "button", class: "cell" + (found.confidence < 0.5 ? " unsure" : ""), "data-cell": p.id + "/" + t.id, "aria-label": name, tabindex: "-1" },
        shown(found.stance) + (found.conditions.length ? " *" : ""),
        make("span", { class: "count" }, many(found.all.length, "statement") + (opposed(found.all.map((s) => s.stance)) ? ", contradicted" : "")));
      return make("td", { class: shade(found.stance) + (moved ? " moved" : "") }, cell);
    })));
    const table = make("table", { class: "grid", id: "grid", "aria-describedby": "legend" }, make("thead", null, head), make("tbody", null, body));
    table.addEventListener("click", (e) => { const cell = e.target.closest("[data-cell]"); if (cell) open(cell.dataset.cell, true); });
    table.addEventListener("keydown", walk);
    const start = table.querySelector("[data-cell='" + CSS.escape(state.cell || "") + "']") || table.querySelector(".cell");
    if (start) start.setAttribute("tabindex", "0");
    if (state.cell) table.querySelectorAll("[data-cell]").forEach((c) => c.dataset.cell === state.cell && c.setAttribute("aria-current", "true"));
    el("status").textContent = many(rows.length, "party", "parties") + ", " + many(columns.length, "topic") + ", " + many(cells.size, "position") + (now() ? " as of " + now() : "");
    const legend = make("p", { class: "small", id: "legend" }, "Each cell opens its evidence. A star: the position hangs on a condition. A frame: it moved on the day shown. Italics: no statement behind it is surer than even. Empty: nothing found, which is not the same as neutral.");
    return rows.length ? make("div", null, make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Matrix of positions" }, table), legend) : make("p", null, "No statement passes these filters.");
  }

  /** Arrow keys walk from cell to cell, over empty ones. */
  function walk(event) {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const from = event.target.closest("td");
    if (!step || !from) return;
    event.preventDefault();
    const rows = [...event.currentTarget.tBodies[0].rows];
    let [row, column] = [from.parentNode.rowIndex - 1, from.cellIndex];
    for (;;) {
      [row, column] = [row + step[0], column + step[1]];
      const next = rows[row]?.cells[column];
      if (!next || column === 0) return;
      const cell = next.querySelector(".cell");
      if (cell) {
        event.currentTarget.querySelectorAll(".cell[tabindex='0']").forEach((c) => c.setAttribute("tabindex", "-1"));
        cell.setAttribute("tabindex", "0");
        cell.focus();
        return;
      }
    }
  }

  const ORDER = ["reversed", "hardened", "softened", "now mixed", "no longer mixed", "first stated", "condition added", "condition dropped", "condition changed", "reaffirmed"];

  /** What happened to a position, in the words of the program; nothing where nothing did. */
  function change(old, next) {
    if (!old) return "first stated";
    const [a, b] = [old.stance, next.stance];
    if (a !== b) {
      if (b === "mixed") return "now mixed";
      if (a === "mixed") return "no longer mixed";
      if (a * b < 0) return "reversed";
      return Math.abs(b) > Math.abs(a) ? "hardened" : "softened";
    }
    const [c, d] = [old.conditions.join("\n"), next.conditions.join("\n")];
    if (c !== d) return !c ? "condition added" : !d ? "condition dropped" : "condition changed";
    return next.all.length > old.all.length ? "reaffirmed" : null;
  }

  function changes() {
    const old = positions(days[state.from]);
    const next = positions(days[state.to]);
    const found = [];
    for (const [key, position] of next) {
      const what = change(old.get(key), position);
      if (what) found.push({ key, what, old: old.get(key), position });
    }
    const size = (c) => (c.old && c.old.stance !== "mixed" && c.position.stance !== "mixed" ? Math.abs(c.old.stance - c.position.stance) : 0);
    found.sort((a, b) => ORDER.indexOf(a.what) - ORDER.indexOf(b.what) || size(b) - size(a) || a.key.localeCompare(b.key, "en", { numeric: true }));
    el("status").textContent = many(found.filter((c) => c.what !== "reaffirmed").length, "change") + " from " + days[state.from] + " to " + days[state.to];
    const pick = (id, name, value, set) => make("div", null, make("label", { for: id }, name), " ",
      make("select", { id, onchange: (e) => { set(Number(e.target.value)); show(); el(id).focus(); } }, days.map((d, i) => make("option", { value: i, selected: i === value }, d))));
    const rows = found.map(({ key, what, old: before, position }) => {
      const [p, t] = key.split("/").map(Number);
      const id = parties[p].id + "/" + topics[t].id;
      return make("tr", null, make("th", { scope: "row" }, parties[p].name), make("td", null, topics[t].name), make("td", null, what),
        make("td", { class: before ? shade(before.stance) : "" }, before ? shown(before.stance) : "not stated"),
        make("td", { class: shade(position.stance) }, shown(position.stance)),
        make("td", null, make("button", { type: "button", "aria-label": "Evidence for " + parties[p].name + " on " + topics[t].name, onclick: () => open(id, true) }, "Evidence")));
    });
    const head = make("tr", null, ["Party", "Topic", "Change", "Then", "Now", "Why"].map((h) => make("th", { scope: "col" }, h)));
    return make("div", null, make("div", { class: "row" }, pick("from", "From", state.from, (v) => (state.from = v)), pick("to", "To", state.to, (v) => (state.to = v))),
      rows.length ? make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Changes" }, make("table", null, make("thead", null, head), make("tbody", null, rows))) : make("p", null, "Nothing changed between these days."));
  }

  function spectrum() {
    const cells = positions(now());
    const scale = [-2, -1, 0, 1, 2];
    const rows = topics.map((t, j) => [t, j]).filter(([t, j]) => (!state.topic || t.id === state.topic) && parties.some((_, i) => cells.has(i + "/" + j))).map(([t, j]) => {
      const at = (stance) => parties.map((p, i) => [p, cells.get(i + "/" + j)]).filter(([, c]) => c && c.stance === stance);
      const chips = (stance) => at(stance).map(([p]) => make("button", { type: "button", class: "chip " + shade(stance), onclick: () => open(p.id + "/" + t.id, true) }, p.name));
      return make("tr", null, make("th", { scope: "row" }, t.name, make("div", { class: "small" }, t.question)), scale.map((s) => make("td", null, chips(s))), make("td", null, chips("mixed")));
    });
    const head = make("tr", null, make("th", { scope: "col" }, "Topic"), scale.map((s) => make("th", { scope: "col" }, shown(s))), make("th", { scope: "col" }, labels.mixed));
    el("status").textContent = "Parties by topic, from no to yes" + (now() ? ", as of " + now() : "");
    return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Parties along each topic" }, make("table", null, make("thead", null, head), make("tbody", null, rows)));
  }

  function gaps() {
    const cells = positions(now());
    const stance = (p, t) => { const c = cells.get(p + "/" + t); return c && c.stance !== "mixed" ? c.stance : null; };
    const active = parties.map((_, i) => i).filter((i) => topics.some((_, t) => stance(i, t) !== null));
    const pair = (a, b) => {
      const shared = topics.map((_, t) => [stance(a, t), stance(b, t)]).filter(([x, y]) => x !== null && y !== null);
      return { n: shared.length, value: shared.length ? sum(shared.map(([x, y]) => 1 - Math.abs(x - y) / 4)) / shared.length : 0 };
    };
    const tone = (v) => (v < 0.3 ? "s-2" : v < 0.5 ? "s-1" : v < 0.7 ? "s0" : v < 0.9 ? "s1" : "s2");
    const head = make("tr", null, make("th", { scope: "col" }, "Party"), active.map((b) => make("th", { scope: "col" }, parties[b].name)));
    const rows = active.map((a) => make("tr", null, make("th", { scope: "row" }, parties[a].name), active.map((b) => {
      if (a === b) return make("td", null, "");
      const { n, value } = pair(a, b);
      return n ? make("td", { class: tone(value) }, value.toFixed(2), make("div", { class: "count small-count" }, many(n, "topic"))) : make("td", { class: "none" }, "\u00b7");
    })));
    el("status").textContent = "Congruence of every two parties over the topics on which both have a position: 1 is the same, 0 the opposite" + (now() ? "; as of " + now() : "");
    return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Gaps between parties" }, make("table", null, make("thead", null, head), make("tbody", null, rows)));
  }

  let limit = 100;
  function list() {
    const why = reasons();
    const all = statements.filter((s) => passes(s) && !isAfter(s, now())).sort((a, b) => (b.day || "").localeCompare(a.day || ""));
    el("status").textContent = many(all.length, "statement") + (now() ? " up to " + now() : "");
    const more = all.length > limit ? make("button", { type: "button", onclick: () => { limit += 200; show(); } }, "Show more of " + all.length) : null;
    return make("div", null, all.slice(0, limit).map((s) => entry(s, why(s))), more);
  }

  // ---- evidence

  /** The paragraph with the quotation marked in it. */
  function passage(s) {
    const at = s.context.indexOf(s.quote);
    if (at < 0) return [make("mark", null, s.quote)];
    return [s.context.slice(0, at), make("mark", null, s.quote), s.context.slice(at + s.quote.length)];
  }

  function entry(s, out) {
    const party = s.party === null ? "no party" : parties[s.party].name;
    const about = [s.speaker || s.source || party, s.role !== "government" ? s.role : null, s.outlet || s.doc, s.day || "undated"].filter(Boolean).join(" \u00b7 ");
    const notes = [party + " on " + topics[s.topic].name, s.joint ? "joint" : null, s.secondhand ? "secondhand" : null, s.mode, "confidence " + s.confidence.toFixed(2), s.review ? "analyst: " + s.review : null, out ? "does not count: " + out : null].filter(Boolean);
    const link = s.url && /^https?:\/\//i.test(s.url) ? make("a", { href: s.url, rel: "noopener noreferrer", target: "_blank" }, s.title || s.url) : s.title || s.doc;
    return make("article", { class: "statement b" + s.stance + (out ? " out" : "") },
      make("p", null, make("strong", null, shown(s.stance)), " \u2014 ", about),
      make("p", null, passage(s)), s.condition ? make("p", null, "Hangs on: ", make("em", null, s.condition)) : null,
      make("p", { class: "small" }, notes.join(" \u00b7 "), " \u00b7 ", link));
  }

  /** Dots by day and stance. */
  function timeline(all, why) {
    const dated = all.filter((s) => s.day);
    if (dated.length < 2) return null;
    const time = (d) => Date.parse(d + "T00:00:00Z");
    const [low, high] = [Math.min(...dated.map((s) => time(s.day))), Math.max(...dated.map((s) => time(s.day)))];
    const x = (d) => 110 + (high > low ? ((time(d) - low) / (high - low)) * 560 : 280);
    const y = (stance) => 78 - stance * 28;
    const svg = make("svg", { viewBox: "0 0 720 165", width: "720", height: "165", role: "img", "aria-label": "Statements by day, from " + dated.map((s) => s.day).sort()[0] + " to " + dated.map((s) => s.day).sort().pop() });
    for (const s of [-2, -1, 0, 1, 2]) svg.append(make("line", { class: "axis", x1: 105, x2: 690, y1: y(s), y2: y(s) }), make("text", { x: 100, y: y(s) + 4, "text-anchor": "end" }, word(s)));
    svg.append(make("text", { x: 110, y: 160 }, new Date(low).toISOString().slice(0, 10)), make("text", { x: 670, y: 160, "text-anchor": "end" }, new Date(high).toISOString().slice(0, 10)));
    for (const s of dated) svg.append(make("circle", { cx: x(s.day), cy: y(s.stance), r: 5, "fill-opacity": why(s) ? 0.2 : 0.75, fill: "currentColor" }, make("title", null, s.day + ": " + shown(s.stance))));
    return svg;
  }

  /** Opens the evidence of a cell, given as "party id/topic id". */
  function open(cell, move) {
    const [party, topic] = cell.split("/");
    const [p, t] = [parties.findIndex((x) => x.id === party), topics.findIndex((x) => x.id === topic)];
    const box = el("evidence");
    if (p < 0 || t < 0) { box.hidden = true; return; }
    state.cell = cell;
    const all = statements.filter((s) => s.party === p && s.topic === t).sort((a, b) => (b.day || "").localeCompare(a.day || "") || b.rank - a.rank || b.confidence - a.confidence);
    const upto = all.filter((s) => !isAfter(s, now()));
    const position = positions(now()).get(p + "/" + t);
    const why = reasons();
    box.replaceChildren(
      make("h2", { id: "evidence-title", tabindex: "-1" }, parties[p].name + " on " + topics[t].name),
      make("p", null, topics[t].question + " ", make("strong", null, position ? shown(position.stance) : labels.none), position && position.conditions.length ? ", if: " + position.conditions.join("; ") : ""),
      timeline(all, why) || "", make("p", { class: "small" }, many(upto.length, "statement") + (now() ? " up to " + now() : "") + (all.length > upto.length ? ", " + (all.length - upto.length) + " later" : "")),
      ...upto.map((s) => entry(s, why(s))), make("button", { type: "button", onclick: close }, "Close"));
    box.hidden = false;
    document.querySelectorAll("[aria-current]").forEach((c) => c.removeAttribute("aria-current"));
    document.querySelectorAll("[data-cell]").forEach((c) => c.dataset.cell === cell && c.setAttribute("aria-current", "true"));
    keep();
    if (move) { el("evidence-title").focus({ preventScroll: true }); box.scrollIntoView({ block: "start" }); }
  }

  function close() {
    const cell = state.cell;
    state.cell = null;
    el("evidence").hidden = true;
    keep();
    const back = [...document.querySelectorAll("[data-cell]")].find((c) => c.dataset.cell === cell);
    if (back) { back.removeAttribute("aria-current"); back.focus(); }
  }

  // ---- controls

  /** Puts what is shown into the address, so that it can be sent and come back to. */
  function keep() {
    const parts = new URLSearchParams();
    if (state.view !== "matrix") parts.set("view", state.view);
    if (days.length && state.day !== days.length - 1) parts.set("day", now());
    for (const key of ["party", "topic", "outlet", "role"]) if (state[key]) parts.set(key, state[key]);
    if (state.sure > 0) parts.set("sure", state.sure);
    if (state.rule !== data.rule) parts.set("rule", state.rule);
    if (state.cell) parts.set("cell", state.cell);
    try { history.replaceState(null, "", "#" + parts.toString()); } catch { /* some viewers of mail forbid it */ }
  }

  function recall() {
    const parts = new URLSearchParams(location.hash.slice(1));
    // What the address leaves out is as the page begins.
    state.view = Object.hasOwn(views, parts.get("view")) ? parts.get("view") : "matrix";
    state.day = days.includes(parts.get("day")) ? days.indexOf(parts.get("day")) : days.length - 1;
    for (const key of ["party", "topic", "outlet", "role"]) state[key] = parts.get(key) || "";
    state.rule = Object.hasOwn(deciders, parts.get("rule")) ? parts.get("rule") : data.rule;
    state.sure = Math.min(0.95, Math.max(0, Number(parts.get("sure")) || 0));
    state.cell = parts.get("cell");
  }

  function show() {
    el("day").value = state.day;
    el("day").setAttribute("aria-valuetext", now() || "undated");
    el("day-text").textContent = now() || "undated";
    el("sure").value = state.sure;
    el("sure-text").textContent = Number(state.sure).toFixed(2);
    for (const key of ["rule", "party", "topic", "outlet", "role"]) el(key).value = state[key];
    for (const tab of el("tabs").children) {
      const on = tab.id === "tab-" + state.view;
      tab.setAttribute("aria-selected", on);
      tab.tabIndex = on ? 0 : -1;
    }
    el("view").setAttribute("aria-labelledby", "tab-" + state.view);
    el("view").replaceChildren({ matrix, changes, spectrum, gaps, statements: list }[state.view]());
    el("evidence").hidden = true;
    if (state.cell) open(state.cell, false);
    else keep();
  }

  function fill(id, all, choices) {
    el(id).replaceChildren(...(all ? [make("option", { value: "" }, all)] : []), ...choices.map(([value, name]) => make("option", { value }, name)));
    el(id).addEventListener("change", () => { state[id] = el(id).value; show(); });
  }

  function begin() {
    const book = data.codebook;
    el("about").textContent = many(statements.length, "statement") + " in " + many(data.documents, "document") + (days.length ? ", " + days[0] + " to " + days[days.length - 1] : "") + ". Codebook " + book.name + (book.version ? " " + book.version : "") + ".";
    el("foot").textContent = "Made by demarche " + data.version + ", codebook " + book.name + " (" + book.hash + "). Statements are read by a program and are not all right: open a cell before you rely on it.";
    fill("rule", null, rules.map((r) => [r.name, r.words]));
    fill("party", "all parties", parties.map((p) => [p.id, p.name]));
    fill("topic", "all topics", topics.map((t) => [t.id, t.name]));
    fill("outlet", "all outlets", outlets.map((o) => [o, o]));
    fill("role", "all roles", roles.map((r) => [r, r]));
    el("day").max = Math.max(0, days.length - 1);
    el("day").disabled = days.length < 2;
    el("day").addEventListener("input", () => { state.day = Number(el("day").value); show(); });
    el("sure").addEventListener("input", () => { state.sure = Number(el("sure").value); show(); });
    el("reset").addEventListener("click", () => { Object.assign(state, { day: days.length - 1, rule: data.rule, party: "", topic: "", outlet: "", role: "", sure: 0 }); show(); });
    for (const [id, name] of Object.entries(views)) el("tabs").append(make("button", { type: "button", role: "tab", id: "tab-" + id, "aria-controls": "view", onclick: () => { state.view = id; show(); } }, name));
    el("tabs").addEventListener("keydown", (e) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
      if (!step) return;
      const ids = Object.keys(views);
      state.view = ids[(ids.indexOf(state.view) + step + ids.length) % ids.length];
      show();
      el("tab-" + state.view).focus();
    });
    let timer = null;
    const stop = () => { clearInterval(timer); timer = null; el("play").textContent = "Replay"; el("play").setAttribute("aria-pressed", "false"); };
    el("play").disabled = days.length < 2;
    el("play").addEventListener("click", () => {
      if (timer) return stop();
      el("play").textContent = "Stop";
      el("play").setAttribute("aria-pressed", "true");
      if (state.day >= days.length - 1) state.day = -1;
      timer = setInterval(() => { state.day += 1; show(); if (state.day >= days.length - 1) stop(); }, 900);
    });
    addEventListener("hashchange", () => { recall(); show(); });
    recall();
    show();
  }

  begin();
  // For tests: the positions as of a day, as the program's positions.csv has them.
  window.demarche = { positions: (day, rule) => Object.fromEntries([...positions(day, rule)].map(([key, c]) => { const [p, t] = key.split("/").map(Number); return [parties[p].id + "/" + topics[t].id, c.stance]; })), days };
})();
