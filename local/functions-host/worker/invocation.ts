/**
 * One invocation inside the app's process: arguments, hooks, handler, response, in the order of the real worker.
 * It does not know where the request came from.
 */
import type { FunctionCallback, Registry } from './core-module.ts';
import { SystemError } from './core-module.ts';
import type { CoreContext } from './programming-model.ts';
import type { InvocationRequest, InvocationResponse } from './typed-data.ts';

/** An invocation that has begun. */
export interface Turn {
  invocationId: string;
  /** The library's context object, once there is one. */
  context: unknown;
}

/** Fields that a hook may read but not replace. */
export function readOnly(fields: Record<string, unknown>): Record<string, unknown> {
  const context = {};
  for (const [name, value] of Object.entries(fields)) {
    Object.defineProperty(context, name, { value, enumerable: true, writable: false });
  }
  return context;
}

/** Runs a function once. Throws what the app threw, unless a postInvocation hook took the error away. */
export async function invoke(
  registry: Registry,
  request: InvocationRequest,
  options: { turn: Turn; log: CoreContext['log']; appHookData: Record<string, unknown> },
): Promise<InvocationResponse> {
  const registration = registry.functions.get(request.functionId);
  if (!registration || !registry.model) {
    throw new SystemError(`Function code for '${request.functionId}' is not loaded.`);
  }
  const { metadata, callback } = registration;
  const core: CoreContext = { invocationId: request.invocationId, request, metadata, log: options.log };
  const model = await registry.model.getInvocationModel(core);
  const { context, inputs } = await model.getArguments();
  options.turn.context = context;
  const shared = { hookData: {}, appHookData: options.appHookData, invocationContext: context };

  core.state = 'preInvocationHooks';
  const before = Object.assign(readOnly(shared), { inputs, functionCallback: callback });
  for (const hook of registry.hooks.preInvocation) {
    // Hooks run in order: each sees what the one before it changed.
    // oxlint-disable-next-line no-await-in-loop
    await hook(before);
  }

  core.state = 'invocation';
  const after: { inputs: unknown[]; result: unknown; error: unknown } = Object.assign(readOnly(shared), {
    inputs: before.inputs,
    result: undefined as unknown,
    error: undefined as unknown,
  });
  try {
    after.result = await model.invokeFunction(
      context,
      before.inputs,
      before.functionCallback as FunctionCallback,
    );
  } catch (error) {
    after.error = error ?? new Error('The function threw nothing.');
  }

  core.state = 'postInvocationHooks';
  for (const hook of registry.hooks.postInvocation) {
    // oxlint-disable-next-line no-await-in-loop
    await hook(after as unknown as Record<string, unknown>);
  }
  if (after.error !== undefined && after.error !== null) throw after.error;
  return model.getResponse(context, after.result);
}
