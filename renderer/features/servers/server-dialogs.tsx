import { useCallback, useEffect, useState } from 'react';
import type { Command } from '../../../shared/model/command';
import type { ServerGroup, ServerView } from '../../../shared/model/server';
import { api } from '../../api';
import { presentError } from '../../ui/error-presenter';
import { ConnectDialog, type AttemptSecrets } from './connect-dialog';
import { editForm, newForm, secretsToUse, type ServerForm } from './form-model';
import { GroupDialog } from './group-dialog';
import { ServerDialog } from './server-dialog';

/** The command that opened a dialog (register-server, edit-server, create-group, edit-group, connect-server); null shows nothing. */
export interface ServerDialogsProps {
  readonly command: Command | null;
  readonly onClose: () => void;
}

interface Loaded {
  readonly command: Command;
  readonly groups: readonly ServerGroup[];
  readonly servers: readonly ServerView[];
}

interface Connecting {
  readonly server: ServerView;
  readonly typed: AttemptSecrets;
}

/** Shows the dialog that a command asks for, with the registrations as they are at that moment. */
export function ServerDialogs({ command, onClose }: ServerDialogsProps) {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [connecting, setConnecting] = useState<Connecting | null>(null);

  useEffect(() => {
    if (command === null) return undefined;
    let current = true;
    api.servers.list({}).then(
      ({ groups, servers }) => current && setLoaded({ command, groups, servers }),
      (error: unknown) => {
        presentError(error);
        onClose();
      },
    );
    return () => {
      current = false;
    };
  }, [command, onClose]);

  const stopConnecting = useCallback(() => setConnecting(null), []);
  const saved = (server: ServerView, form: ServerForm): void => {
    onClose();
    if (!form.connectNow) return;
    const { password, sshPassword } = secretsToUse(form);
    setConnecting({
      server,
      typed: {
        ...(typeof password === 'string' && !form.savePassword ? { password } : {}),
        ...(typeof sshPassword === 'string' && !form.saveSshPassword ? { sshPassword } : {}),
      },
    });
  };
  const dialog = command === null || loaded?.command !== command ? null : dialogOf(loaded, saved, onClose);
  return (
    <>
      {dialog}
      {connecting === null ? null : (
        <ConnectDialog
          key={connecting.server.id}
          server={connecting.server}
          typed={connecting.typed}
          onClose={stopConnecting}
        />
      )}
    </>
  );
}

function dialogOf(
  { command, groups, servers }: Loaded,
  onSaved: (server: ServerView, form: ServerForm) => void,
  onClose: () => void,
) {
  switch (command.do) {
    case 'register-server':
      return (
        <ServerDialog
          registered={null}
          groups={groups}
          initial={newForm(command.groupId ?? null)}
          text={command.text ?? null}
          onSaved={onSaved}
          onClose={onClose}
        />
      );
    case 'edit-server': {
      const server = servers.find((each) => each.id === command.serverId);
      return server === undefined ? null : (
        <ServerDialog
          registered={server}
          groups={groups}
          initial={editForm(server)}
          text={null}
          onSaved={onSaved}
          onClose={onClose}
        />
      );
    }
    case 'connect-server': {
      const server = servers.find((each) => each.id === command.serverId);
      return server === undefined ? null : <ConnectDialog server={server} typed={NOTHING_TYPED} onClose={onClose} />;
    }
    case 'create-group':
      return (
        <GroupDialog
          group={{ id: '', name: '', parentId: command.parentId ?? null }}
          groups={groups}
          onClose={onClose}
        />
      );
    case 'edit-group': {
      const group = groups.find((each) => each.id === command.groupId);
      return group === undefined ? null : <GroupDialog group={group} groups={groups} onClose={onClose} />;
    }
    default:
      return null;
  }
}

const NOTHING_TYPED: AttemptSecrets = {};
