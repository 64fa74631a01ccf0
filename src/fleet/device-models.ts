import type { DeviceModel } from "./device-model.ts";
import { barnClimate } from "./models/barn-climate.ts";
import { boosterPump } from "./models/booster-pump.ts";
import { dockDoor } from "./models/dock-door.ts";
import { litterBin } from "./models/litter-bin.ts";
import { reeferTrailer } from "./models/reefer-trailer.ts";
import { smartMeter } from "./models/smart-meter.ts";
import { soilProbe } from "./models/soil-probe.ts";
import { truckTracker } from "./models/truck-tracker.ts";
import { waterMeter } from "./models/water-meter.ts";
import { weatherStation } from "./models/weather-station.ts";
import { yardGateway } from "./models/yard-gateway.ts";

/** The models of all devices that can be simulated, by the id of the example template that reads their frames. */
export const deviceModels: ReadonlyMap<string, DeviceModel> = new Map(
  [
    soilProbe,
    barnClimate,
    weatherStation,
    smartMeter,
    boosterPump,
    waterMeter,
    litterBin,
    truckTracker,
    yardGateway,
    dockDoor,
    reeferTrailer,
  ].map((model) => [model.templateId, model]),
);
