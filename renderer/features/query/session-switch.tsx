import { Button, Menu, PasswordInput, Select, TextInput } from '@mantine/core';
import { IconChevronDown, IconUser } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ServerView } from '../../../shared/model/server';
import { api } from '../../api';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { presentError } from '../../ui/error-presenter';
import { visibleText } from '../../ui/visible-text';
import { useTabActions } from '../../ui/workbench';
import { useStagedIn } from './edit/use-edits';
import classes from './session-switch.module.css';
import type { OtherUser, QueryTab } from './store';

export interface SessionSwitchProps {
  readonly tab: QueryTab;
  readonly server: ServerView | null;
  readonly serverId: string;
}

/** Milliseconds: a palette that closes gives the focus back to where it was first. */
const AFTER_PALETTE = 50;

/** Opens a choice by an action: the field is found by what is returned. */
function useOpening() {
  const field = useRef<HTMLInputElement>(null);
  const open = () =>
    void setTimeout(() => {
      field.current?.focus();
      field.current?.click();
    }, AFTER_PALETTE);
  return { field, open };
}

/** What the session is exchanged for. */
interface Wish {
  readonly database: string;
  /** Null: the registered user; undefined: the one there is. */
  readonly as?: OtherUser | null;
}

/** Where and as whom the session works; another database or user means another session, which is asked about when something would be lost. */
export function SessionSwitch({ tab, server, serverId }: SessionSwitchProps) {
  const { t } = useTranslation('query');
  const [asked, setAsked] = useState<Wish | null>(null);
  const database = useStore(tab.store, (state) => state.database);
  const session = useStore(tab.store, (state) => state.session);
  const needsPassword = useStore(tab.store, (state) => state.needsPassword);
  const staged = useStagedIn(session?.sessionId ?? null);
  const [unlocking, setUnlocking] = useState<string | null>(null);
  const go = (wish: Wish) => {
    if (needsPassword && wish.as === undefined) setUnlocking(wish.database);
    else void tab.open(wish.database, wish.as);
  };
  const change = (wish: Wish) => {
    const { query } = tab.store.getState();
    const busy = query?.running === true || query?.transaction === 'transaction' || query?.transaction === 'failed';
    if (busy || (query?.results.length ?? 0) > 0) setAsked(wish);
    else go(wish);
  };
  const target = asked?.as === undefined ? (asked?.database ?? '') : (asked.as?.user ?? server?.user ?? '');
  return (
    <>
      <span className={classes.server} title={server?.name ?? ''}>
        {server?.name ?? ''}
      </span>
      <span aria-hidden>·</span>
      <DatabaseChoice serverId={serverId} database={database} onChoose={(name) => change({ database: name })} />
      <span aria-hidden>·</span>
      <UserChoice tab={tab} server={server} onChoose={(as) => change({ database, as })} />
      {session ? <RoleChoice tab={tab} sessionId={session.sessionId} /> : null}
      <ConfirmDialog
        opened={asked !== null}
        title={t('switch.title', { target })}
        deed={t('switch.deed', { target })}
        onConfirm={() => {
          if (asked) go(asked);
        }}
        onClose={() => setAsked(null)}
      >
        {t('switch.text')}
        {staged > 0 ? ` ${t('switch.edits', { count: staged })}` : ''}
      </ConfirmDialog>
      {unlocking === null ? null : (
        <PasswordDialog
          user={session?.user ?? ''}
          onPassword={(as) => void tab.open(unlocking, as)}
          onClose={() => setUnlocking(null)}
        />
      )}
    </>
  );
}

interface DatabaseChoiceProps {
  readonly serverId: string;
  readonly database: string;
  readonly onChoose: (name: string) => void;
}

function DatabaseChoice({ serverId, database, onChoose }: DatabaseChoiceProps) {
  const { t } = useTranslation('query');
  const [names, setNames] = useState<readonly string[]>([]);
  const { field, open } = useOpening();
  useTabActions([{ id: 'query.database', label: t('database.change'), run: open }]);
  const load = () => {
    api.servers
      .databases({ id: serverId })
      .then((list) => setNames(list.map(({ name }) => name)))
      .catch(presentError);
  };
  return (
    <Select
      className={classes.choice ?? ''}
      ref={field}
      aria-label={t('database.label')}
      data={names.includes(database) ? names : [database, ...names]}
      value={database}
      onChange={(name) => {
        if (name !== null && name !== database) onChoose(name);
      }}
      onDropdownOpen={load}
      searchable
      openOnFocus={false}
      variant="unstyled"
      comboboxProps={{ width: 240, position: 'bottom-start' }}
      nothingFoundMessage={t('database.none')}
    />
  );
}

interface UserChoiceProps {
  readonly tab: QueryTab;
  readonly server: ServerView | null;
  readonly onChoose: (as: OtherUser | null) => void;
}

/** The user of the session, and the way to another one. */
function UserChoice({ tab, server, onChoose }: UserChoiceProps) {
  const { t } = useTranslation('query');
  const [open, setOpen] = useState(false);
  const chosen = useStore(tab.store, (state) => state.user);
  const session = useStore(tab.store, (state) => state.session);
  const user = session?.user ?? chosen ?? server?.user ?? '';
  const back = () => onChoose(null);
  useTabActions([
    { id: 'query.user', label: t('user.other'), run: () => setOpen(true) },
    { id: 'query.registered-user', label: t('user.back'), disabled: chosen === null, run: back },
  ]);
  return (
    <>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            className={classes.user ?? ''}
            leftSection={<IconUser size={16} stroke={1.5} aria-hidden />}
            rightSection={<IconChevronDown size={14} stroke={1.5} aria-hidden />}
            aria-label={t('user.label', { user })}
            title={user}
          >
            {user}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setOpen(true)}>{t('user.other')}</Menu.Item>
          <Menu.Item disabled={chosen === null} onClick={back}>
            {t('user.registered', { user: server?.user ?? '' })}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {open ? <UserDialog onChoose={onChoose} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

interface UserDialogProps {
  readonly onChoose: (as: OtherUser) => void;
  readonly onClose: () => void;
}

function UserDialog({ onChoose, onClose }: UserDialogProps) {
  const { t } = useTranslation('query');
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  return (
    <ConfirmDialog
      opened
      title={t('user.title')}
      deed={t('user.deed')}
      ready={user !== ''}
      onConfirm={() => onChoose({ user, ...(password === '' ? {} : { password }) })}
      onClose={onClose}
    >
      <div className={classes.fields}>
        <TextInput
          data-autofocus
          label={t('user.name')}
          value={user}
          onChange={(event) => setUser(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          maxLength={63}
        />
        <PasswordInput
          label={t('user.password')}
          description={t('user.passwordHint')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="off"
        />
      </div>
    </ConfirmDialog>
  );
}

interface PasswordDialogProps {
  readonly user: string;
  readonly onPassword: (as: OtherUser) => void;
  readonly onClose: () => void;
}

/** The password of a user whose session came from another window. */
function PasswordDialog({ user, onPassword, onClose }: PasswordDialogProps) {
  const { t } = useTranslation('query');
  const [password, setPassword] = useState('');
  const name = visibleText(user);
  return (
    <ConfirmDialog
      opened
      title={t('user.again', { user: name })}
      deed={t('connect')}
      onConfirm={() => onPassword({ user, ...(password === '' ? {} : { password }) })}
      onClose={onClose}
    >
      <div className={classes.fields}>
        <div>{t('user.againText', { user: name })}</div>
        <PasswordInput
          data-autofocus
          label={t('user.password')}
          description={t('user.passwordHint')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="off"
        />
      </div>
    </ConfirmDialog>
  );
}

interface RoleChoiceProps {
  readonly tab: QueryTab;
  readonly sessionId: string;
}

/** SET ROLE within the session. */
function RoleChoice({ tab, sessionId }: RoleChoiceProps) {
  const { t } = useTranslation('query');
  const role = useStore(tab.store, (state) => state.query?.role ?? state.session?.role ?? '');
  const running = useStore(tab.store, (state) => state.query?.running === true);
  const lost = useStore(tab.store, (state) => state.query?.transaction === 'lost');
  const [names, setNames] = useState<readonly string[]>([]);
  const { field, open } = useOpening();
  useTabActions([
    { id: 'query.role', label: t('role.change'), disabled: running || lost, run: open },
    {
      id: 'query.no-role',
      label: t('role.clear'),
      disabled: running || lost || role === '',
      run: () => tab.setRole(''),
    },
  ]);
  const load = () => {
    api.query
      .roles({ sessionId })
      .then(({ roles }) => setNames(roles))
      .catch(presentError);
  };
  return (
    <Select
      className={classes.choice ?? ''}
      ref={field}
      aria-label={t('role.label')}
      placeholder={t('role.placeholder')}
      data={role === '' || names.includes(role) ? names : [role, ...names]}
      value={role === '' ? null : role}
      onChange={(name) => tab.setRole(name ?? '')}
      onDropdownOpen={load}
      disabled={running || lost}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('role.clear') }}
      openOnFocus={false}
      variant="unstyled"
      comboboxProps={{ width: 240, position: 'bottom-start' }}
      nothingFoundMessage={t('role.empty')}
    />
  );
}
