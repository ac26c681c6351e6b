/**
 * Every error that the service answers, a function for each: status, code and text. REST writes them as a JSON
 * body, a WebSocket handshake as a status line. Knows neither sockets nor requests.
 */
export class Refusal extends Error {
  readonly status: number;
  /** As in `x-ms-error-code`. */
  readonly code: string;
  /** Which part of the request is wrong. */
  readonly target: string | undefined;
  /** Seconds. */
  readonly retryAfter: number | undefined;

  constructor(
    status: number,
    code: string,
    about: { message: string; target?: string; retryAfter?: number | undefined },
  ) {
    super(about.message);
    this.status = status;
    this.code = code;
    this.target = about.target;
    this.retryAfter = about.retryAfter;
  }

  /** The headers of the answer, but for its length. */
  get headers(): Record<string, string> {
    return {
      'content-type': 'application/json',
      'x-ms-error-code': this.code,
      ...(this.retryAfter !== undefined && { 'retry-after': String(this.retryAfter) }),
    };
  }

  toBody(): string {
    return JSON.stringify({ code: this.code, message: this.message, target: this.target });
  }
}

const refuse = (status: number, code: string, message: string, target?: string): Refusal =>
  new Refusal(status, `Error.${code}`, { message, ...(target !== undefined && { target }) });

export const badRequest = (message: string, target?: string): Refusal =>
  refuse(400, 'BadRequest', message, target);
export const invalidHub = (name: string): Refusal => badRequest(`Invalid hub name '${name}'.`, 'hub');
export const invalidGroup = (name: string): Refusal =>
  badRequest(`Invalid group name '${name.slice(0, 64)}': 1 to 1024 characters, not only blanks.`, 'group');
export const invalidFilter = (why: string): Refusal => badRequest(`Invalid filter: ${why}`, 'filter');
export const invalidTtl = (): Refusal =>
  badRequest('messageTtlSeconds must be a whole number from 0 to 300.', 'messageTtlSeconds');
export const notWebSocket = (): Refusal =>
  badRequest('This is the WebSocket endpoint: a handshake is needed.');
export const unsupportedSubprotocol = (offered: string): Refusal =>
  badRequest(`None of the offered subprotocols is supported: ${offered}`, 'subprotocol');

export const unauthorized = (why: string): Refusal => refuse(401, 'Unauthorized', why);
export const noConnection = (id: string): Refusal =>
  refuse(404, 'Connection.NotFound', `There is no connection '${id}'.`, 'connectionId');
export const noUser = (id: string): Refusal =>
  refuse(404, 'User.NotFound', `User '${id}' has no connection.`, 'userId');
export const noOperation = (method: string, path: string): Refusal =>
  refuse(404, 'NotFound', `There is no operation ${method} ${path}.`);
export const tooLarge = (): Refusal => refuse(413, 'PayloadTooLarge', 'A message is at most 1 MiB.');
export const unsupportedMediaType = (given: string): Refusal =>
  refuse(415, 'UnsupportedMediaType', `Content type '${given}': use JSON, text/plain or octet-stream.`);
export const internalError = (): Refusal =>
  refuse(500, 'InternalServerError', 'The service failed: see its log.');
/** A part of the real service that is not built here. */
export const notServed = (what: string): Refusal =>
  refuse(501, 'NotImplemented', `${what} is not served by this local Web PubSub. See its OPERATIONS.md.`);

/** The `connect` handler refused; its status reaches the client. */
export const refusedByHandler = (status: number): Refusal =>
  refuse(status, 'ConnectRefused', `The event handler answered connect with ${status}.`);
/** The `connect` handler answered something that is no answer. */
export const brokenHandler = (why: string): Refusal =>
  refuse(500, 'InternalServerError', `The event handler's answer to connect is not usable: ${why}`);
export const unreachableHandler = (why: string): Refusal =>
  refuse(502, 'BadGateway', `The event handler does not answer: ${why}`);

/** What `/faults` asked for; 503 unless it names another status. */
export function faultOnRequest(status: number | string | undefined, retryAfter: number | undefined): Refusal {
  const isStatus = typeof status === 'number' && status >= 400 && status <= 599;
  return new Refusal(isStatus ? status : 503, 'Error.FaultOnRequest', {
    message: 'A fault on request.',
    retryAfter,
  });
}
