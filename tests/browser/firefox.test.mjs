// What is asked of Firefox alone; every other test of the built page runs there as well.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { BROWSER, host, launchFirefox, open, scratch, until } from "./harness.mjs";
import { button, goesOn, kept, ready, state, working } from "./visitor.mjs";

/** Kills the tabs of the Firefox that has this profile; it is told to end with them. */
function killTabs(profile) {
  const words = (pid) => {
    try {
      // What a fork server begins has its arguments in one string.
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").split(/[\0 ]/).filter(Boolean);
    } catch {
      return []; // It has ended meanwhile.
    }
  };
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map((pid) => [Number(pid), words(pid)]);
  const [main] = all.find(([, words]) => words.includes(profile) && !words.includes("-contentproc"));
  const tabs = all.filter(([, words]) => words.includes("-contentproc") && words.includes(String(main)) && words.at(-1) === "tab");
  assert.ok(tabs.length > 0, "no tab to kill");
  tabs.forEach(([pid]) => process.kill(pid, "SIGKILL"));
}

if (BROWSER === "firefox") {
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

  test("a tab that is killed in the middle of a run comes back with what it had", { skip: process.platform !== "linux" && "it is found as on Linux" }, async (t) => {
    const site = await host();
    t.after(site.close);
    const profile = scratch(t);
    const first = await launchFirefox(profile);
    t.after(() => first.close());
    const page = await first.newPage();
    await page.goto(`${site.url}#fn=branin&s=bayes&n=400`);
    await ready(page);
    await button(page, "Run").click();
    const before = await until("trials that are kept", () => kept(page), 30_000);
    const url = page.url();
    const ended = new Promise((closed) => first.once("close", closed));
    killTabs(profile);
    await ended;
    const second = await launchFirefox(profile);
    t.after(() => second.close());
    const again = await second.newPage();
    await again.goto(url);
    await goesOn(again, before);
  });
}
