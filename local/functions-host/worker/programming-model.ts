/** What a programming model (`@azure/functions` is the only one) gives the host: how an invocation is taken apart. */
import type { FunctionCallback } from './core-module.ts';
import type { FunctionMetadata, LogCategory, LogLevel } from './protocol.ts';
import type { InvocationRequest, InvocationResponse } from './typed-data.ts';

export interface ProgrammingModel {
  name: string;
  version: string;
  getCapabilities(defaults: Record<string, string>): MaybePromise<Record<string, string>>;
  getInvocationModel(context: CoreContext): MaybePromise<InvocationModel>;
}

export interface InvocationModel {
  getArguments(): MaybePromise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): MaybePromise<InvocationResponse>;
}

/** The invocation as the model sees it. */
export interface CoreContext {
  invocationId: string;
  request: InvocationRequest;
  metadata: FunctionMetadata;
  state?: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks';
  log(level: LogLevel, category: LogCategory, message: string): void;
}

type MaybePromise<T> = T | Promise<T>;
