import { clamp, type Random } from "./random.ts";

/** Where a vehicle is and how it moves. */
export interface Journey {
  lat: number;
  lon: number;
  speedKmh: number;
  /** Over ground, clockwise from north, 0 to 360. */
  courseDegrees: number;
}

/** The box that vehicles stay in: northern Germany and Denmark. */
const box = { south: 52.5, north: 56.5, west: 8.5, east: 12.5 };
const kmPerDegree = 111.2;
const stepLimitHours = 0.25;

/** A vehicle somewhere in the box, under way. */
export function startJourney(random: Random): Journey {
  return {
    lat: random.between(53, 56),
    lon: random.between(9, 12),
    speedKmh: random.between(40, 80),
    courseDegrees: random.between(0, 359),
  };
}

/** Drives on for the elapsed time and gives the distance, kilometres; at the edge of the box the vehicle turns round. */
export function moveOn(journey: Journey, elapsedMs: number, random: Random): number {
  // After a long silence the vehicle has stood most of the time: a straight line of hours would leave the box.
  const km = journey.speedKmh * Math.min(elapsedMs / 3_600_000, stepLimitHours);
  const north = cosine(journey.courseDegrees);
  const east = cosine(journey.courseDegrees - 90);
  journey.lat = clamp(journey.lat + (km * north) / kmPerDegree, box.south, box.north);
  journey.lon = clamp(journey.lon + (km * east) / (kmPerDegree * cosine(journey.lat)), box.west, box.east);
  const atEdge =
    journey.lat === box.south ||
    journey.lat === box.north ||
    journey.lon === box.west ||
    journey.lon === box.east;
  journey.courseDegrees = (journey.courseDegrees + (atEdge ? 180 : random.deviation(6)) + 360) % 359.95;
  const halted = journey.speedKmh === 0 ? random.chance(0.8) : random.chance(0.03);
  journey.speedKmh = halted ? 0 : clamp((journey.speedKmh || 50) + random.deviation(6), 8, 96);
  return km;
}

/** Cosine by Bhaskara's approximation (within 0.002), which every engine rounds alike, unlike `Math.cos`. */
function cosine(degrees: number): number {
  const turned = ((((degrees + 180) % 360) + 360) % 360) - 180;
  const magnitude = Math.abs(turned);
  // The formula holds up to 90 degrees; beyond, the cosine is that of the supplement, negative.
  const acute = magnitude > 90 ? 180 - magnitude : magnitude;
  const square = acute * acute;
  const value = (4 * (8100 - square)) / (32_400 + square);
  return magnitude > 90 ? -value : value;
}
