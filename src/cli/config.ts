import { Command } from "@commander-js/extra-typings";
import { describeOrigin, type SettingValue } from "../config/config.ts";
import { configOption, executorsOption, loadVerbConfig, logOption, setOption } from "./config-options.ts";
import { exitCodes } from "./exit-code.ts";
import type { Finish, Host } from "./host.ts";

/** `config`: the configuration in force, and who set each value. */
export function configCommand(host: Host, finish: Finish) {
  return new Command("config")
    .description("print the configuration and where each value comes from")
    .addOption(configOption())
    .addOption(executorsOption())
    .addOption(setOption())
    .option("--catalog <dir>", "directory of the catalog")
    .addOption(logOption())
    .option("--json", "print JSON")
    .action(async (flags) => {
      const { settings } = loadVerbConfig(host, flags);
      await host.stdout.write(flags.json ? asJson(settings) : asTable(settings, host));
      finish(exitCodes.done);
    });
}

function asJson(settings: readonly SettingValue[]): string {
  const entries = settings.map(({ key, value, origin }) => ({ key, value: value ?? null, origin }));
  return `${JSON.stringify(entries, null, 2)}\n`;
}

function asTable(settings: readonly SettingValue[], { dataColors }: Host): string {
  const keyWidth = Math.max(...settings.map(({ key }) => key.length));
  const values = settings.map(({ value }) =>
    value === undefined ? "-" : typeof value === "string" ? value : JSON.stringify(value),
  );
  const valueWidth = Math.max(...values.map((value) => value.length));
  return settings
    .map(({ key, origin }, index) => {
      const value = (values[index] ?? "").padEnd(valueWidth);
      const from = describeOrigin(origin);
      return `${key.padEnd(keyWidth)}  ${value}  ${origin.kind === "default" ? dataColors.dim(from) : from}\n`;
    })
    .join("");
}
