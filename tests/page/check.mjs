// Opens pages in Chromium and checks what no test without a browser can: accessibility (axe-core, WCAG 2 A and AA, in light and dark), the
// keyboard, and how long a page of thousands of statements takes.
//   node check.mjs PAGE.html BIG.html
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const [small, big] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
let faults = 0;
const fault = (what) => { faults += 1; console.error("FAULT " + what); };

for (const colorScheme of ["light", "dark"]) {
  const context = await browser.newContext({ colorScheme, bypassCSP: true, viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  page.on("pageerror", (e) => fault("script: " + e.message));
  page.on("request", (r) => r.url().startsWith("file:") || r.url().startsWith("data:") || fault("loads " + r.url()));
  for (const view of ["matrix", "changes", "spectrum", "gaps", "statements"]) {
    await page.goto(pathToFileURL(small).href + "#view=" + view);
    await page.reload();
    if (view === "matrix") await page.locator(".cell").first().click();
    await page.evaluate(() => { const word = "w".repeat(3000); for (const e of document.querySelectorAll(".statement p, td:not([class]), h1, #about")) e.append(" " + word); });
    if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)) fault(`${view}: a long word makes the page wider than the window`);
    await page.evaluate(axe);
    const found = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }));
    for (const v of found.violations) fault(`${colorScheme} ${view}: ${v.id}: ${v.help}: ${v.nodes.slice(0, 2).map((n) => n.html.slice(0, 160)).join(" | ")}`);
    console.log(`${colorScheme} ${view}: ${found.passes.length} rules pass, ${found.violations.length} fail`);
  }
  await context.close();
}

const page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
page.on("pageerror", (e) => fault("script: " + e.message));
await page.goto(pathToFileURL(small).href);
await page.locator(".cell[tabindex='0']").focus();
const before = await page.evaluate(() => document.activeElement.dataset.cell);
await page.keyboard.press("ArrowRight");
const after = await page.evaluate(() => document.activeElement.dataset.cell);
if (!before || before === after) fault(`arrow keys do not walk: ${before} ${after}`);
await page.keyboard.press("Enter");
if (await page.locator("#evidence").isHidden()) fault("Enter does not open a cell");
const opened = await page.locator("#evidence-title").evaluate((e) => e === document.activeElement);
if (!opened) fault("focus does not go to the evidence");
await page.evaluate(() => { location.hash = "#view=gaps&rule=mean"; });
await page.locator("#tab-gaps[aria-selected='true']").waitFor();
if (await page.locator("#evidence").isVisible()) fault("an address without a cell shows the evidence of one");
await page.evaluate(() => { location.hash = ""; });
await page.locator("#tab-matrix[aria-selected='true']").waitFor();
if (await page.locator("#rule").inputValue() !== "latest") fault("an address without a rule keeps the last one");

if (big) {
  const start = Date.now();
  await page.goto(pathToFileURL(big).href);
  await page.locator(".cell").first().waitFor();
  console.log(`big page: first view after ${Date.now() - start} ms`);
  const worst = await page.evaluate(() => {
    let worst = 0;
    const party = document.getElementById("party");
    for (const option of party.options) {
      const start = performance.now();
      party.value = option.value;
      party.dispatchEvent(new Event("change"));
      document.body.offsetHeight;
      worst = Math.max(worst, performance.now() - start);
    }
    return worst;
  });
  console.log(`big page: slowest filter ${worst.toFixed(1)} ms`);
}
await browser.close();
process.exit(faults ? 1 : 0);
