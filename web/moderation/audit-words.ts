/** The entries of an audit trail as sentences, whose beginning is the name of who acted. */
import type { AuditAction, AuditEntry } from '../../contract/moderation.ts';

export const actionLabels: Record<AuditAction, string> = {
  room_created: 'Created the room',
  room_changed: 'Changed the room',
  owner_changed: 'Handed the room over',
  moderator_appointed: 'Made a moderator',
  moderator_dismissed: 'Dismissed a moderator',
  member_joined: 'Joined',
  member_left: 'Left',
  member_removed: 'Removed somebody',
  member_banned: 'Banned somebody',
  ban_lifted: 'Lifted a ban',
  member_muted: 'Muted somebody',
  mute_lifted: 'Lifted a mute',
  message_removed: 'Removed a message',
  message_pinned: 'Pinned a message',
  message_unpinned: 'Unpinned a message',
  invitation_created: 'Invited',
  invitation_revoked: 'Took an invitation back',
  invitation_answered: 'Answered an invitation',
  join_requested: 'Asked to join',
  join_request_decided: 'Decided a request',
  report_made: 'Reported a message',
  report_decided: 'Decided a report',
};

/** "made Bo a moderator". Details that it has no words for follow in brackets. */
export function sentenceOf({ action, target_name, details = {} }: AuditEntry): string {
  const whom = target_name ?? 'somebody';
  const sentences: Record<AuditAction, string> = {
    room_created: 'created the room',
    room_changed: 'changed the room',
    owner_changed: `handed the room over to ${whom}`,
    moderator_appointed: `made ${whom} a moderator`,
    moderator_dismissed: `dismissed ${whom} as moderator`,
    member_joined: 'joined',
    member_left: 'left',
    member_removed: `removed ${whom}`,
    member_banned: `banned ${whom}`,
    ban_lifted: `lifted the ban of ${whom}`,
    member_muted: `muted ${whom}`,
    mute_lifted: `lifted the mute of ${whom}`,
    message_removed: `removed a message of ${whom}`,
    message_pinned: 'pinned a message',
    message_unpinned: 'unpinned a message',
    invitation_created: target_name === undefined ? 'made an invitation link' : `invited ${whom}`,
    invitation_revoked:
      target_name === undefined ? 'took a link back' : `took the invitation of ${whom} back`,
    invitation_answered: 'answered an invitation',
    join_requested: 'asked to join',
    join_request_decided: `decided the request of ${whom}`,
    report_made: target_name === undefined ? 'reported a message' : `reported a message of ${whom}`,
    report_decided: 'decided a report',
  };
  const said = Object.entries(details).map(([name, value]) => `${name.replaceAll('_', ' ')}: ${value}`);
  return said.length === 0 ? sentences[action] : `${sentences[action]} (${said.join(', ')})`;
}
