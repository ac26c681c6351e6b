/** What others see of oneself, how one signs in, and whose messages one has folded away. */
import { useState } from 'react';
import { useChat } from '../chat.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { AccountPart } from './account-part.tsx';
import { BlockedPart } from './blocked-part.tsx';
import { ProfileForm } from './profile-form.tsx';

type Part = 'profile' | 'account' | 'blocked';

export function ProfileDialog({ onClose }: { onClose: () => void }) {
  const [part, setPart] = useState<Part>('profile');
  const me = useChat((state) => state.me);
  return (
    <Dialog title="Your profile" onClose={onClose}>
      <Tabs
        label="Parts of your profile"
        tabs={[
          { id: 'profile', label: 'Profile' },
          { id: 'account', label: 'Account' },
          { id: 'blocked', label: 'Blocked' },
        ]}
        chosen={part}
        onChoose={setPart}
        wide
      />
      {me === undefined && <p>Your profile could not be loaded. Close this and try again in a moment.</p>}
      {me !== undefined && part === 'profile' && <ProfileForm me={me} onClose={onClose} />}
      {me !== undefined && part === 'account' && <AccountPart me={me} onClose={onClose} />}
      {part === 'blocked' && <BlockedPart />}
    </Dialog>
  );
}
