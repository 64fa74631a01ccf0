import { expect, test } from "vitest";
import { allowedKeys, isSecretKey, settings } from "../../src/config/settings.ts";

test("a key that ends in token, password or secret is one, and the path of a file with one is not", () => {
  for (const key of ["http.token", "kafka.saslPassword", "s3.clientSecret", "token"])
    expect(isSecretKey(key)).toBe(true);
  for (const key of ["http.tokenFile", "limits.stageCpuMs", "secrets.path"])
    expect(isSecretKey(key)).toBe(false);
});

test("a default that depends on the machine is a number and has its reason in words", () => {
  const executors = settings.find(({ key }) => key === "sandbox.executors");
  expect(executors?.defaultValue).toBeGreaterThanOrEqual(1);
  expect(executors?.defaultReason).toMatch(/cores/);
});

test("sections have keys, values have none", () => {
  expect(allowedKeys([])).toEqual(["catalog", "log", "topics", "http", "workers", "sandbox", "limits"]);
  expect(allowedKeys(["sandbox"])).toContain("executors");
  expect(allowedKeys(["sandbox", "executors"])).toBeUndefined();
  expect(allowedKeys(["nowhere"])).toBeUndefined();
});
