/**
 * The shapes in which host and app exchange values: those of the real host's protocol, as far as the Node model
 * uses them. The first member that is defined counts.
 */

export interface TypedData {
  string?: string;
  json?: string;
  bytes?: Uint8Array;
  http?: HttpData;
  int?: number;
  double?: number;
  collectionString?: { string: string[] };
  collectionBytes?: { bytes: Uint8Array[] };
}

export interface NullableString {
  value?: string;
}

/** A request on its way in (method, url, nullable members) or a response on its way out (the others). */
export interface HttpData {
  method?: string;
  url?: string;
  nullableHeaders?: Record<string, NullableString>;
  nullableQuery?: Record<string, NullableString>;
  nullableParams?: Record<string, NullableString>;
  statusCode?: string;
  headers?: Record<string, string>;
  cookies?: HttpCookie[];
  body?: TypedData | null;
}

export interface HttpCookie {
  name: string;
  value: string;
  domain?: { value: string };
  path?: { value: string };
  expires?: { value: { seconds: number } };
  secure?: { value: boolean };
  httpOnly?: { value: boolean };
  sameSite?: string;
  maxAge?: { value: number };
}

export interface NamedData {
  name: string;
  data: TypedData;
}

export interface TraceContext {
  traceParent: string;
  traceState: string;
  attributes: Record<string, string>;
}

export interface RetryContext {
  retryCount: number;
  maxRetryCount: number;
  exception?: { message: string; source?: string; stackTrace?: string };
}

/** What one invocation is given. */
export interface InvocationRequest {
  invocationId: string;
  functionId: string;
  inputData: NamedData[];
  triggerMetadata: Record<string, TypedData>;
  traceContext: TraceContext;
  retryContext?: RetryContext;
}

/** What one invocation answers. */
export interface InvocationResponse {
  outputData: NamedData[];
  returnValue: TypedData | null | undefined;
}
