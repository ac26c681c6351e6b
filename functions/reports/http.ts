/** REST: reporting a message, and what moderators decide of it. */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { decideReportBody, report as reportSchema, reportBody } from '../../contract/moderation.ts';
import { limits } from '../../contract/rooms.ts';
import { requirePrincipal } from '../identity/principal.ts';
import { check, json, nextLink, readBody, readLimit, readRoomId, registerHttp } from '../platform/http.ts';
import * as z from 'zod/mini';
import { decide, listReports, report } from './reports.ts';

const listQuery = z.object({ state: z.optional(reportSchema.shape.state) });

export async function postReport(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'report_message');
  const body = await readBody(request, reportBody);
  return json(201, await report(principal, readRoomId(request), body));
}

export async function getReports(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'list_reports');
  const { state } = check(listQuery, { state: request.query.get('state') ?? undefined });
  const cursor = request.query.get('cursor') ?? undefined;
  const limit = readLimit(request, limits.pageOfReports);
  const page = await listReports(principal, readRoomId(request), { state, cursor, limit });
  return json(200, page.reports, nextLink(request, page.cursor));
}

export async function postDecision(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'decide_report');
  const body = await readBody(request, decideReportBody);
  const target = { roomId: readRoomId(request), id: request.params['report'] ?? '' };
  return json(200, await decide(principal, target, body));
}

registerHttp('reports-list', ['GET'], 'rooms/{id}/reports', getReports);
registerHttp('reports-make', ['POST'], 'rooms/{id}/reports', postReport);
registerHttp('reports-decide', ['POST'], 'rooms/{id}/reports/{report}', postDecision);
