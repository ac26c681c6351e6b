/** Everything that those who run a room decide and look up, in one place. */
import { useState } from 'react';
import { useChat } from '../chat.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { AuditPart } from './audit-part.tsx';
import css from './moderation.module.css';
import { ReportsPart } from './reports-part.tsx';
import { RequestsPart } from './requests-part.tsx';
import { RestrictionsPart } from './restrictions-part.tsx';

export type ModerationPart = 'requests' | 'reports' | 'bans' | 'mutes' | 'audit';

interface ModerationDialogProps {
  roomId: string;
  part: ModerationPart;
  onClose: () => void;
}

export function ModerationDialog({ roomId, part: first, onClose }: ModerationDialogProps) {
  const name = useChat((state) => state.rooms[roomId]?.name ?? '');
  const waiting = useChat((state) => state.memberships[roomId]?.waiting);
  const [part, setPart] = useState(first);
  return (
    <Dialog title={`Moderation of ${name}`} onClose={onClose} wide>
      <Tabs
        label="Parts of the moderation"
        tabs={[
          { id: 'requests', label: 'Requests', count: waiting?.join_requests },
          { id: 'reports', label: 'Reports', count: waiting?.reports },
          { id: 'bans', label: 'Banned' },
          { id: 'mutes', label: 'Muted' },
          { id: 'audit', label: 'Audit trail' },
        ]}
        chosen={part}
        onChoose={setPart}
      />
      <div className={css['body']}>
        {part === 'requests' && <RequestsPart roomId={roomId} />}
        {part === 'reports' && <ReportsPart roomId={roomId} />}
        {part === 'bans' && <RestrictionsPart key="bans" roomId={roomId} kind="bans" />}
        {part === 'mutes' && <RestrictionsPart key="mutes" roomId={roomId} kind="mutes" />}
        {part === 'audit' && <AuditPart roomId={roomId} />}
      </div>
    </Dialog>
  );
}
