/** Messages that people found wrong, what is to be done about them, and what was decided. */
import { useState } from 'react';
import type { Report } from '../../contract/moderation.ts';
import { useChat, useClient } from '../chat.ts';
import { exactTime } from '../conversation/times.ts';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/select.tsx';
import { useAct } from '../ui/use-act.ts';
import { useLoaded } from '../ui/use-loaded.ts';
import { codeOf } from '../words.ts';
import { roomCalls } from './calls.ts';
import { messageCalls } from './message-calls.ts';
import css from './moderation.module.css';
import { Rows } from './rows.tsx';

const states = [
  ['open', 'To decide'],
  ['acted', 'Something was done'],
  ['dismissed', 'Dismissed'],
] as const;
const empty: Record<Report['state'], string> = {
  open: 'No report waits for a decision.',
  acted: 'Nothing was done about a report yet.',
  dismissed: 'No report was dismissed yet.',
};

export function ReportsPart({ roomId }: { roomId: string }) {
  const client = useClient();
  const [state, setState] = useState<Report['state']>('open');
  const waiting = useChat((chat) => chat.memberships[roomId]?.waiting?.reports ?? 0);
  const calls = roomCalls(client.call, roomId);
  const loaded = useLoaded(
    `reports:${roomId}:${state}:${waiting}`,
    async () => (await calls.reports(state)).items,
  );
  const { act } = useAct();
  const decide = (report: Report, decision: 'dismissed' | 'acted', remove = false): void =>
    act(async () => {
      if (remove) {
        await messageCalls(client.call, roomId)
          .remove(report.seq, report.reason)
          .catch((failure: unknown) => {
            // Somebody else was faster: it is gone all the same.
            if (codeOf(failure) !== 'message_not_found') throw failure;
          });
      }
      await calls.decideReport(report.id, decision);
      loaded.reload();
    });
  return (
    <>
      <Select label="Show" choices={states} value={state} onChange={setState} />
      <Rows loaded={loaded} empty={empty[state]}>
        {(report) => (
          <li key={report.id} className={css['row']}>
            <div className={css['words']}>
              <p>
                <span className={css['name']}>{report.reported_by_name}</span>
                {report.reason === '' ? ' gave no reason' : `: ${report.reason}`}
              </p>
              <blockquote className={css['quote']}>
                <b>{report.sender_name}</b> {report.content}
              </blockquote>
              <p className={css['about']}>
                {report.decided_by_name === undefined
                  ? exactTime(report.reported_at)
                  : `Decided by ${report.decided_by_name}, ${exactTime(report.decided_at ?? report.reported_at)}`}
              </p>
            </div>
            {report.state === 'open' && (
              <div className={css['actions']}>
                <Button onClick={() => decide(report, 'dismissed')}>Dismiss</Button>
                <Button onClick={() => decide(report, 'acted')}>Settled otherwise</Button>
                <Button look="danger" onClick={() => decide(report, 'acted', true)}>
                  Remove message
                </Button>
              </div>
            )}
          </li>
        )}
      </Rows>
    </>
  );
}
