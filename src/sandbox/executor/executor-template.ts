import { compileEva } from "../../outlet/eva.ts";
import { createStandardEventMaker, type StandardEventMaker } from "../../outlet/standard-event.ts";
import type { RunnableTemplate } from "../port.ts";

/** A template as an executor keeps it: what crosses into isolates, and what makes its standard events outside them. */
export interface ExecutorTemplate {
  readonly template: RunnableTemplate;
  readonly maker: StandardEventMaker;
}

export function createExecutorTemplate(template: RunnableTemplate): ExecutorTemplate {
  const { orgId, templateId, templateVersion, limits } = template;
  const eva = compileEva(template.eva);
  const maker = createStandardEventMaker({
    orgId,
    templateId,
    templateVersion,
    eva,
    outputBytes: limits.outputBytes,
  });
  return { template, maker };
}
