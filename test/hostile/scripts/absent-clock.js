// Attempt: The machine's clock, by every way to ask for the time.
// Outcome: standard {"moved":[]}
function attack() {
  const event = Date.now();
  class Later extends Date {}
  const ways = {
    date: () => +new Date(),
    constructor: () => +new new Date(0).constructor(),
    prototype: () => Date.prototype.constructor.now(),
    called: () => +new Date(Date()) - (+new Date(Date()) % 1000) + (event % 1000),
    derived: () => +new Later(),
    parent: () => +new (Object.getPrototypeOf(Later))(),
    constructed: () => +Reflect.construct(Date, []),
    foreign: () => +Date.prototype.valueOf.call(Reflect.construct(Date, [], Object)),
    proxied: () => +new new Proxy(Date, {})(),
    cloned: () => +new (structuredClone(new Date(0)).constructor)(),
    bound: () => +new (Date.bind(null))(),
    format: () =>
      +new Date(`${new Intl.DateTimeFormat("sv", { dateStyle: "short" }).format()}T00:00:00.000Z`),
    parts: () =>
      Date.UTC(...["year", "month", "day"].map((type, at) => partOf(type, undefined) - (at === 1 ? 1 : 0))),
  };
  const days = new Set(["format", "parts"]);
  const day = event - (event % 86400000);
  const moved = Object.keys(ways).filter((name) => ways[name]() !== (days.has(name) ? day : event));
  return { eventType: "seen", data: { moved } };
}
function partOf(type, date) {
  const format = new Intl.DateTimeFormat("en-US", { year: "numeric", month: "numeric", day: "numeric" });
  return Number(format.formatToParts(date).find((part) => part.type === type).value);
}
