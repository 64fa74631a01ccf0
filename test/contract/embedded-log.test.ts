import { embeddedStore } from "../stream/embedded/embedded-store.ts";
import { logContract } from "./log.ts";

logContract("the embedded log", embeddedStore);
