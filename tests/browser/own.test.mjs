// A table of the visitor's own: dropped, pasted, corrected, refused, and remembered by its contents.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, until } from "./harness.mjs";
import { button, finish, notices, ready, state } from "./visitor.mjs";

const file = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

/** Ninety rows between semicolons, in single quotes: three classes in `kind`, told apart by `score`; `gap` has gaps. */
const TABLE = `id;kind;score;gap\n${Array.from(
  { length: 90 },
  (_, i) => `${i};'${"abc"[i % 3]}; it''s';${(i % 3) * 10 + (i % 7)};${i % 7 ? i : ""}`,
).join("\n")}\n`;

test("a table is chosen, read, corrected and searched; another table has no part in its trials", async (t) => {
  const { page, clean } = await open(t, { hash: "data=csv&model=tree&s=random&n=6" });
  await until("the word about the table", async () => /not in the address/.test(await notices(page)));
  await page.getByLabel("Choose a table").setInputFiles(file("mine.csv", TABLE));
  const said = (label) => page.getByLabel(label, { exact: true }).locator("option:checked").textContent();
  await until("the table to be read", async () => (await page.getByText("90 rows, UTF-8").count()) > 0);
  assert.deepEqual(
    await Promise.all(["First line", "Separator", "Quotes", "Target"].map(said)),
    ["names the columns", "semicolon", "single '", "kind"],
  );
  assert.match(await page.getByRole("group", { name: "Your table" }).textContent(), /3 classes: a; it's 30/);
  await page.getByText("3 of 4 columns are used").click();
  await page.getByLabel("Use column id").click();
  await page.getByText("2 of 4 columns are used").waitFor();
  await finish(page);
  await button(page, "Share").click();
  assert.match(await page.getByRole("region", { name: "Share this study" }).textContent(), /Your table is not in the link/);
  await page.reload();
  await until("the table and its trials", async () => /Finished/.test(await state(page)));
  await page.getByText("2 of 4 columns are used").waitFor();
  await page.getByLabel("Choose a table").setInputFiles(file("mine.csv", TABLE.replace("3;'a", "3;'b")));
  await page.getByText("90 rows, UTF-8").waitFor();
  await until("another table to have no trials", async () => /Ready/.test(await state(page)));
  clean();
});

test("a table that is forgotten, or that the browser cannot keep, is gone after a reload, and the page says so", async (t) => {
  const { page, context, clean } = await open(t, { hash: "data=csv&model=tree&s=random&n=6" });
  const group = page.getByRole("group", { name: "Your table" });
  const give = async () => {
    await page.getByLabel("Choose a table").setInputFiles(file("mine.csv", TABLE));
    await page.getByText("90 rows, UTF-8").waitFor();
  };
  const without = () => until("the word about the table", async () => /not in the address/.test(await notices(page)));
  await without();
  await give();
  await button(page, "Forget this table").click();
  await without();
  assert.equal(await group.getByText("90 rows").count(), 0);
  await page.reload();
  await without();
  await context.addInitScript(() => {
    Cache.prototype.put = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
  });
  await page.reload();
  await without();
  await give();
  await group.getByText("This browser does not keep the table: after a reload, give it again.").waitFor();
  await page.reload();
  await without();
  clean();
});

test("the same table again brings back its trials", async (t) => {
  const { page, clean } = await open(t, { hash: "data=csv&model=tree&s=random&n=6" });
  await page.getByLabel("Choose a table").setInputFiles(file("mine.csv", TABLE));
  await finish(page);
  await page.evaluate(async () => (await caches.open("tunescape-kept")).delete("tunescape-table"));
  await page.reload();
  await until("the word about the table", async () => /not in the address/.test(await notices(page)));
  await page.getByLabel("Choose a table").setInputFiles(file("other name.csv", TABLE));
  await until("the trials", async () => /Finished/.test(await state(page)));
  clean();
});

test("errors name the line, and what is wrong can be said otherwise", async (t) => {
  const { page, clean } = await open(t, { hash: "preset=branin&n=4" });
  await ready(page);
  await page.getByLabel("Data", { exact: true }).selectOption({ label: "A table of your own (CSV)" });
  await page.getByText("or paste its text").click();
  const read = async (text) => {
    await page.getByLabel("Text of the table").fill(text);
    await button(page, "Read it").click();
  };
  await read("a,kind\n1,x\n2,y,3\n");
  await until("the line", async () => /line 3: 3 cells/.test(await notices(page)));
  // Sixty-five names are no class; the page still knows the columns.
  await read(`label,x,y\n${Array.from({ length: 130 }, (_, i) => `name${i % 65},${i % 2},${i}`).join("\n")}\n`);
  await until("the classes", async () => /65 different values/.test(await notices(page)));
  await page.getByLabel("Target", { exact: true }).selectOption("x");
  await page.getByText("130 rows, UTF-8").waitFor();
  await ready(page);
  await read("\u0000\u0001");
  await until("the byte", async () => /that is in no text/.test(await notices(page)));
  clean();
});

test("a dropped table of a hundred thousand rows and 20 MB does not stop the page, and is there again after a reload", async (t) => {
  const { page, clean } = await open(t, { hash: "preset=forrester&n=4" });
  await until("the worker to be ready", async () => /Ready/.test(await state(page)));
  const longest = await page.evaluate(async () => {
    const cell = (i, f) => (100 + ((i * (7 + f)) % 1013) * 0.8765).toFixed(5).slice(0, 9);
    const row = (i) => `${Array.from({ length: 19 }, (_, f) => cell(i, f)).join(",")},class ${"xyz"[i % 3]}`;
    const rows = Array.from({ length: 100_000 }, (_, i) => row(i));
    const names = Array.from({ length: 19 }, (_, f) => `f${f}`).join(",");
    const file = new File([`${names},kind\n${rows.join("\n")}\n`], "big.csv");
    if (file.size < 19e6 || file.size > 20 << 20) throw new Error(`${file.size} bytes are not 20 MB`);
    const data = new DataTransfer();
    data.items.add(file);
    await new Promise((done) => setTimeout(done, 100));
    let longest = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 10);
    window.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    const end = last + 60_000;
    while (!/100000 rows/.test(document.querySelector(".own")?.textContent) && performance.now() < end) await new Promise((done) => setTimeout(done, 20));
    clearInterval(beat);
    return longest;
  });
  assert.match(await page.getByRole("group", { name: "Your table" }).textContent(), /100000 rows/);
  t.diagnostic(`the page was busy for ${longest.toFixed(0)} ms at most`);
  assert.ok(longest < 1_000, `the page stood still for ${longest} ms`);
  await until("the study of it", async () => /Ready/.test(await state(page)), 60_000);
  await page.reload();
  await until("the table to be there again", async () => (await page.getByText("100000 rows").count()) > 0, 60_000);
  await until("the study of it", async () => /Ready/.test(await state(page)), 60_000);
  assert.match(await page.getByRole("group", { name: "Your table" }).textContent(), /big.csv/);
  clean();
});

test("a table dropped before the worker is ready is read once it is", async (t) => {
  const late = "{ const end = Date.now() + 3000; while (Date.now() < end); }";
  const { page, clean } = await open(t, {
    hash: "preset=forrester&n=4",
    altered: /^worker-start\.js$/,
    alter: (_, bytes) => Buffer.from(`${late}\n${bytes}`),
  });
  await ready(page);
  assert.doesNotMatch(await state(page), /Ready/, "the worker is not there yet");
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "early.csv"));
    window.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, TABLE);
  await until("the table to be read", async () => (await page.getByText("90 rows, UTF-8").count()) > 0);
  await until("the study of it", async () => /Ready/.test(await state(page)));
  await finish(page);
  clean();
});
