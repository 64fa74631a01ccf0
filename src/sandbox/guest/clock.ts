import {
  NativeDate,
  NativeWeakMap,
  apply,
  construct,
  dataDescriptor,
  dateToString,
  defineBuiltIn,
  defineProperty,
  getOwnPropertyDescriptor,
  nameFunction,
  weakMapGet,
  weakMapSet,
} from "./primordials.ts";

/** The only clock of a realm; it stands still for the whole of an event. */
export interface Clock {
  /** Epoch milliseconds. */
  set(timeMs: number): void;
}

function defineDate(now: () => number): void {
  const { UTC, parse, prototype } = NativeDate;
  // One case for each number of arguments: a call with the arguments as an array costs 40 to 80 ns more.
  const Date = function (
    y: number,
    mo: number,
    d: number,
    h: number,
    mi: number,
    s: number,
    ms: number,
  ): unknown {
    if (new.target === undefined) return dateToString(new NativeDate(now()));
    if (new.target !== (Date as unknown)) {
      return construct(NativeDate, arguments.length === 0 ? [now()] : arguments, new.target);
    }
    switch (arguments.length) {
      case 0:
        return new NativeDate(now());
      case 1:
        return new NativeDate(y);
      case 2:
        return new NativeDate(y, mo);
      case 3:
        return new NativeDate(y, mo, d);
      case 4:
        return new NativeDate(y, mo, d, h);
      case 5:
        return new NativeDate(y, mo, d, h, mi);
      case 6:
        return new NativeDate(y, mo, d, h, mi, s);
      default:
        return new NativeDate(y, mo, d, h, mi, s, ms);
    }
  };
  nameFunction(Date, "Date");
  defineProperty(Date, "prototype", dataDescriptor(prototype, "constant"));
  defineBuiltIn(Date, "now", { now: () => now() }.now);
  defineBuiltIn(Date, "parse", parse);
  defineBuiltIn(Date, "UTC", UTC);
  defineBuiltIn(prototype, "constructor", Date);
  defineBuiltIn(globalThis, "Date", Date);
}

type Format = (date?: Date | number) => unknown;

/** Only an absent date means now; `null` is a date, namely 1970. */
function dateOrNow(date: Date | number | undefined, now: () => number): Date | number {
  if (date !== undefined) return date;
  return now();
}

/** `format` is a getter that gives each formatter its own bound function; ours must give the same one each time too. */
function defineFormat(now: () => number): void {
  const { prototype } = Intl.DateTimeFormat;
  const nativeGet = getOwnPropertyDescriptor(prototype, "format")?.get as () => Format;
  const bound = new NativeWeakMap<Format, Format>();
  const accessors = {
    get format(): Format {
      const native = apply(nativeGet, this, []);
      let ours = weakMapGet(bound, native) as Format | undefined;
      if (ours === undefined) {
        ours = (date) => native(dateOrNow(date, now));
        nameFunction(ours, "");
        weakMapSet(bound, native, ours);
      }
      return ours;
    },
  };
  const get = getOwnPropertyDescriptor(accessors, "format")?.get as () => Format;
  defineProperty(prototype, "format", { get, enumerable: false, configurable: true });
}

function defineFormatToParts(now: () => number): void {
  const { prototype } = Intl.DateTimeFormat;
  const native = prototype.formatToParts;
  const methods = {
    formatToParts(date?: Date | number): unknown {
      return apply(native, this, [dateOrNow(date, now)]);
    },
  };
  defineProperty(methods.formatToParts, "length", dataDescriptor(1, "read-only"));
  defineBuiltIn(prototype, "formatToParts", methods.formatToParts);
}

/** Puts the event's clock wherever a script could read the time of day. */
export function installClock(): Clock {
  let timeMs = 0;
  const now = (): number => timeMs;
  defineDate(now);
  defineFormat(now);
  defineFormatToParts(now);
  return {
    set(to) {
      timeMs = to;
    },
  };
}
