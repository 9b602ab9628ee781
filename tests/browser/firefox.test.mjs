// The built page in Firefox, where one is installed: the same tests of its main flows as in Chromium, registered once more.

import assert from "node:assert/strict";
import { test } from "node:test";

// Before the harness is read, which decides by it.
process.env.TUNESCAPE_BROWSER = "firefox";
const { FIREFOX, open } = await import("./harness.mjs");
const { state, working } = await import("./visitor.mjs");

if (FIREFOX) {
  // Loading wherever it is put; running to the end with the command's bytes, pause, step, reset, sharing; fork, runs kept, edits; what goes wrong around the page;
  // every control; pictures, autosave; dark, phone, presenter, cards, lesson; the game; Chinese; slow motion; a table of the visitor's own.
  for (const file of ["smoke", "study", "acting", "hardship", "controls", "pictures", "looks", "play", "language", "slow", "own"]) await import(`./${file}.test.mjs`);

  test("threads start, and where they do not the page falls back by itself", async (t) => {
    // Of the visits some can come to one thread (see `THREADS` in study.test.mjs), all of them only if threads never start.
    const said = [];
    for (let visit = 1; visit <= 4 && !/\d threads/.test(said.at(-1)); visit += 1) {
      const { page, clean } = await open(t, { hash: "fn=branin&s=random&n=2" });
      await working(page);
      said.push(await state(page));
      clean();
    }
    assert.match(said.at(-1), /\d threads/, said.join("\n"));
  });
} else {
  test("the page in Firefox", { skip: "no Firefox is installed" }, () => {});
}
