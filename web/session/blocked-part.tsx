/** The people whose messages are folded away, and the way back. */
import { useChat, useClient } from '../chat.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { showToast } from '../ui/toast.tsx';
import { explain } from '../words.ts';
import css from './profile.module.css';

export function BlockedPart() {
  const client = useClient();
  const blocked = useChat((state) => state.blocked);
  const people = Object.values(blocked);
  const unblock = (userId: string): void => {
    client.unblock(userId).catch((failure: unknown) => showToast(explain(failure), 'bad'));
  };
  if (people.length === 0) {
    return (
      <p className={css['hint']}>
        Nobody. The messages of somebody whom you block are folded away for you; they do not hear of it.
      </p>
    );
  }
  return (
    <ul className={css['people']}>
      {people.map((person) => (
        <li key={person.user_id}>
          <Avatar name={person.name} size={28} />
          <span>{person.name}</span>
          <Button onClick={() => unblock(person.user_id)}>Unblock</Button>
        </li>
      ))}
    </ul>
  );
}
