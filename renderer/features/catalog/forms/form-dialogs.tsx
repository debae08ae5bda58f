import { useEffect, useRef, useState } from 'react';
import { AppError } from '../../../../shared/errors';
import type { Command } from '../../../../shared/model/command';
import type { FormContext } from '../../../../shared/model/form';
import { formOf } from '../../../../shared/model/forms/all-forms';
import type { ServerView } from '../../../../shared/model/server';
import { api } from '../../../api';
import { presentError } from '../../../ui/error-presenter';
import { FormDialog } from './form-dialog';
import type { FormSubject } from './use-form-state';

type FormCommand = Extract<Command, { do: 'create-object' | 'edit-object' }>;

export interface FormDialogsProps {
  readonly command: FormCommand;
  readonly onClose: () => void;
}

interface Loaded {
  readonly command: FormCommand;
  readonly subject: FormSubject;
  readonly server: ServerView;
}

/** A database is read from inside where it lets us in: only there its default privileges are seen. */
async function load(command: FormCommand, signal: AbortSignal): Promise<Loaded> {
  const inside = command.do === 'edit-object' && command.object.kind === 'database' ? command.object.name : null;
  if (inside === null) return loadIn(command, command.database, signal);
  return loadIn(command, inside, signal).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return loadIn(command, command.database, signal);
  });
}

async function loadIn(command: FormCommand, database: string, signal: AbortSignal): Promise<Loaded> {
  const where = { serverId: command.serverId, database };
  const [{ servers }, session, found] = await Promise.all([
    api.servers.list({}),
    api.catalog.session(where, signal),
    command.do === 'edit-object' ? api.catalog.formState({ ...where, object: command.object }, signal) : null,
  ]);
  const server = servers.find(({ id }) => id === command.serverId);
  if (!server) throw new AppError({ code: 'not-found', message: 'The server is no longer registered' });
  const creating = command.do === 'create-object';
  const kind = creating ? command.kind : command.object.kind;
  const form = formOf(kind, creating ? command.variant : (found?.variant ?? ''));
  if (!form) throw new AppError({ code: 'unsupported', message: `There is no form for this ${kind}` });
  const context: FormContext = {
    mode: creating ? 'create' : 'edit',
    version: session.version,
    database,
    parent: creating ? command.parent : null,
    object: creating ? null : command.object,
    user: session.user,
  };
  const start = { ...form.initial(context), ...found?.state };
  return { command, server, subject: { serverId: command.serverId, form, context, start } };
}

/** The dialog that makes or changes one object, with the object as it is at that moment. */
export function FormDialogs({ command, onClose }: FormDialogsProps) {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const latest = useRef(onClose);
  useEffect(() => {
    latest.current = onClose;
  });
  useEffect(() => {
    const controller = new AbortController();
    load(command, controller.signal).then(
      (found) => {
        if (!controller.signal.aborted) setLoaded(found);
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        presentError(error);
        latest.current();
      },
    );
    return () => controller.abort();
  }, [command]);
  if (loaded?.command !== command) return null;
  return <FormDialog subject={loaded.subject} server={loaded.server} onClose={onClose} />;
}
