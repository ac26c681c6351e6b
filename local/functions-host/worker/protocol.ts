/**
 * What the host and the process of the app say to each other over Node's IPC channel: two closed unions.
 * Values travel as structured clones, so bytes stay bytes.
 */
import type { InvocationRequest, InvocationResponse } from './typed-data.ts';

export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';
export type LogCategory = 'user' | 'system' | 'customMetric';

/** One binding as `@azure/functions` registers it; fields beside these depend on the type. */
export interface Binding {
  type: string;
  direction: 'in' | 'out' | 'inout';
  properties?: Record<string, string>;
  [field: string]: unknown;
}

export interface RetryOptions {
  retryStrategy: 'fixedDelay' | 'exponentialBackoff';
  maxRetryCount: number;
  delayInterval?: { seconds: number };
  minimumInterval?: { seconds: number };
  maximumInterval?: { seconds: number };
}

export interface FunctionMetadata {
  functionId: string;
  name: string;
  bindings: Record<string, Binding>;
  retryOptions?: RetryOptions;
}

/** An error that crossed the process border. */
export interface Failure {
  name: string;
  message: string;
  stack?: string;
  /** Made by the library or the worker, not by the app's code. */
  isSystem: boolean;
}

export type ToWorker =
  | { kind: 'invoke'; request: InvocationRequest }
  /** Run the appTerminate hooks, then exit. */
  | { kind: 'terminate' };

export type FromWorker =
  | { kind: 'ready'; functions: FunctionMetadata[]; capabilities: Record<string, string> }
  /** The app did not load; the process waits to be told to end. */
  | { kind: 'unloadable'; message: string }
  | { kind: 'done'; invocationId: string; response: InvocationResponse }
  | { kind: 'failed'; invocationId: string; failure: Failure }
  | { kind: 'log'; level: LogLevel; category: LogCategory; message: string; invocationId?: string };
