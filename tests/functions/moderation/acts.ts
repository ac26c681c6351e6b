/** The calls of moderation as somebody makes them, through the edge but without a host. */
import type { AuditEntry, Report, Restriction } from '../../../contract/moderation.ts';
import type { History, Message } from '../../../contract/messages.ts';
import { deleteBlock, getBlocks, putBlock } from '../../../functions/blocks/http.ts';
import {
  deleteMessage,
  deletePin,
  getMessages,
  getPins,
  postPublish,
  putPin,
} from '../../../functions/messages/http.ts';
import { bans, deleteMember, getAudit, mutes } from '../../../functions/moderation/http.ts';
import { getReports, postDecision, postReport } from '../../../functions/reports/http.ts';
import { call, type Called } from '../call.ts';
import type { Answered, Caller } from '../rooms/api.ts';

type Handler = Parameters<typeof call>[0];
type Options = Parameters<typeof call>[1];

/** Somebody's calls about one room. */
export function actsOf(caller: Caller, room: string) {
  const as = <T>(handler: Handler, options: Options): Answered<T> =>
    call(handler, { token: caller.token, ...options }) as Answered<T>;
  const on = <T>(handler: Handler, method: string, params: Record<string, string> = {}, body?: unknown) =>
    as<T>(handler, { method, params: { id: room, ...params }, ...(body !== undefined && { body }) });
  return {
    publish: (content: string, more: object = {}) =>
      as<{ seq: number; code: string }>(postPublish, { body: { room_id: room, content, ...more } }),
    history: (query: Record<string, string> = {}) =>
      as<History>(getMessages, { method: 'GET', params: { id: room }, query }),
    remove: (user: string, body?: unknown) => on<object>(deleteMember, 'DELETE', { user }, body),
    ban: (user: string, body: unknown = {}) => on<Restriction>(bans.put, 'PUT', { user }, body),
    unban: (user: string) => on<object>(bans.lift, 'DELETE', { user }),
    bans: () => on<Restriction[]>(bans.list, 'GET'),
    mute: (user: string, body: unknown = {}) => on<Restriction>(mutes.put, 'PUT', { user }, body),
    unmute: (user: string) => on<object>(mutes.lift, 'DELETE', { user }),
    mutes: () => on<Restriction[]>(mutes.list, 'GET'),
    removeMessage: (seq: number, body?: unknown) =>
      on<Message>(deleteMessage, 'DELETE', { seq: String(seq) }, body),
    pin: (seq: number) => on<object>(putPin, 'PUT', { seq: String(seq) }),
    unpin: (seq: number) => on<object>(deletePin, 'DELETE', { seq: String(seq) }),
    pins: () => on<Message[]>(getPins, 'GET'),
    report: (body: unknown) => on<Report>(postReport, 'POST', {}, body),
    reports: (query: Record<string, string> = {}) =>
      as<Report[]>(getReports, { method: 'GET', params: { id: room }, query }),
    decide: (report: string, body: unknown) => on<Report>(postDecision, 'POST', { report }, body),
    audit: (query: Record<string, string> = {}) =>
      as<AuditEntry[]>(getAudit, { method: 'GET', params: { id: room }, query }),
  };
}

/** Somebody's blocks. */
export const blocksOf = ({ token }: Caller) => ({
  list: () => call<{ user_id: string; name: string }[]>(getBlocks, { method: 'GET', token }),
  put: (user: string) => call(putBlock, { method: 'PUT', token, params: { user } }),
  drop: (user: string) => call(deleteBlock, { method: 'DELETE', token, params: { user } }),
});

/** What a test looks at first. */
export const outcome = ({ status, body }: Called<unknown>): [number, string | undefined] => [
  status,
  (body as { code?: string }).code,
];
