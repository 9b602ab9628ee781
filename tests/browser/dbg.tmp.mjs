import { open, until } from "./harness.mjs";
import { test } from "node:test";
test("d", async (t) => {
  const { page, problems, site } = await open(t, { hash: process.env.HASH ?? "preset=race-iris" });
  page.on("console", (m) => console.log("C", m.text()));
  if (process.env.Q) await page.goto(site.url + process.env.Q);
  await until("ready", () => page.getByRole("button", { name: "Run", exact: true }).isEnabled().catch(() => false), 20000);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  for (let i = 0; i < 16; i++) { await page.waitForTimeout(300); console.log(i, (await page.getByRole("status").allTextContents()).join(" | "), await page.getByRole("progressbar").first().getAttribute("aria-valuenow"), (await page.getByRole("alert").allTextContents()).join("|").slice(0,300)); }
  console.log(problems);
});
