/** The foot of the list: who one is, the theme, the keys, and the way out. */
import { ChevronsUpDown, Keyboard, KeyRound, LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react';
import { useChat, useClient } from '../chat.ts';
import { openDialog } from '../dialogs.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx';
import css from './account.module.css';
import { setTheme, useTheme, type Theme } from './theme.ts';

const themes: { theme: Theme; label: string; icon: typeof Sun }[] = [
  { theme: 'system', label: 'Theme of the system', icon: Monitor },
  { theme: 'light', label: 'Light', icon: Sun },
  { theme: 'dark', label: 'Dark', icon: Moon },
];

export function Account() {
  const client = useClient();
  const name = useChat((state) => state.session?.user.name ?? '');
  const me = useChat((state) => state.me);
  const unsent = useChat((state) => Object.values(state.outbox).some((messages) => messages.length > 0));
  const current = useTheme();
  const signOut = (): void => {
    if (unsent) openDialog({ kind: 'sign_out' });
    else void client.signOut();
  };
  return (
    <div className={css['account']}>
      <Menu
        label={`${name}, your menu`}
        buttonClassName={css['button']}
        button={
          <>
            <Avatar name={name} emoji={me?.avatar} size={28} />
            <span className={css['name']}>
              {name}
              {me !== undefined && me.status !== '' && <span className={css['status']}>{me.status}</span>}
            </span>
            <ChevronsUpDown size={15} />
          </>
        }
      >
        <MenuItem icon={<UserRound size={16} />} onSelect={() => openDialog({ kind: 'profile' })}>
          Your profile
        </MenuItem>
        <MenuItem icon={<KeyRound size={16} />} onSelect={() => openDialog({ kind: 'keys' })}>
          API keys
        </MenuItem>
        <MenuLine />
        {themes.map(({ theme, label, icon: Icon }) => (
          <MenuItem
            key={theme}
            icon={<Icon size={16} />}
            checked={theme === current}
            onSelect={() => setTheme(theme)}
          >
            {label}
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem icon={<Keyboard size={16} />} onSelect={() => openDialog({ kind: 'shortcuts' })}>
          Keyboard shortcuts
        </MenuItem>
        <MenuItem icon={<LogOut size={16} />} onSelect={signOut}>
          Sign out
        </MenuItem>
      </Menu>
    </div>
  );
}
