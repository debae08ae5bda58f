import { useEffect } from 'react';
import { create } from 'zustand';
import { errorInfo } from '../../../shared/errors';
import type { ControlPlaneState, InstanceOptions, InstanceView } from '../../../shared/model/instance';
import { api, listen } from '../../api';
import { presentError } from '../../ui/error-presenter';
import { EXPECTED, isChanging, openExpectations, type Expectation, type InstanceDeed } from './model';

interface InstancesState {
  readonly controlPlane: ControlPlaneState;
  /** Null until the first answer. */
  readonly list: readonly InstanceView[] | null;
  /** Why the last reading failed; the list before it stays. */
  readonly listError: unknown;
  readonly options: InstanceOptions | null;
  readonly optionsError: unknown;
  readonly expected: Readonly<Record<string, Expectation>>;
}

export const useInstances = create<InstancesState>()(() => ({
  controlPlane: { state: 'starting' },
  list: null,
  listError: null,
  options: null,
  optionsError: null,
  expected: {},
}));

/** Milliseconds between readings while something changes, and while nothing does. */
const BUSY_MS = 2_000;
const QUIET_MS = 10_000;

/** Admin passwords of instances that are registered when they run: in memory only, forgotten as soon as they were used. */
const toRegister = new Map<string, string>();
let viewers = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let reading: Promise<void> | null = null;
let onRegistered: (name: string) => void = () => undefined;

/** Starts the control plane when it does not run, and remembers how it is. */
export async function startControlPlane(): Promise<void> {
  useInstances.setState({ controlPlane: { state: 'starting' } });
  try {
    useInstances.setState({ controlPlane: await api.instances.controlPlane({}) });
  } catch (error) {
    useInstances.setState({ controlPlane: { state: 'failed', problem: errorInfo(error).message } });
  }
}

export async function loadOptions(): Promise<void> {
  useInstances.setState({ optionsError: null });
  try {
    await startControlPlane();
    useInstances.setState({ options: await api.instances.options({}) });
  } catch (error) {
    useInstances.setState({ optionsError: error });
  }
}

async function read(): Promise<void> {
  if (useInstances.getState().controlPlane.state !== 'running') await startControlPlane();
  if (useInstances.getState().controlPlane.state !== 'running') return;
  try {
    const list = await api.instances.list({});
    const expected = openExpectations(useInstances.getState().expected, list, Date.now());
    useInstances.setState({ list, listError: null, expected });
    await registerRunning(list);
  } catch (error) {
    useInstances.setState({ listError: error });
    if (errorInfo(error).code === 'control-plane') await startControlPlane();
  }
}

/** Reads the list once; readings that overlap are one. */
export function refresh(): Promise<void> {
  reading ??= read().finally(() => {
    reading = null;
    schedule();
  });
  return reading;
}

function schedule(): void {
  clearTimeout(timer);
  if ((viewers === 0 || document.hidden) && toRegister.size === 0) return;
  const { list, expected, controlPlane } = useInstances.getState();
  // A control plane that failed waits for the person: trying again by itself would hide the reason.
  if (controlPlane.state === 'failed' || controlPlane.state === 'stopped') return;
  const busy =
    controlPlane.state === 'starting' ||
    toRegister.size > 0 ||
    Object.keys(expected).length > 0 ||
    (list ?? []).some((instance) => isChanging(instance.status));
  timer = setTimeout(() => void refresh(), busy ? BUSY_MS : QUIET_MS);
}

async function registerRunning(list: readonly InstanceView[]): Promise<void> {
  for (const [id, password] of toRegister) {
    const instance = list.find((each) => each.id === id);
    if (instance?.status === 'running') {
      toRegister.delete(id);
      try {
        await api.instances.register({ id, password });
        onRegistered(instance.name);
      } catch (error) {
        presentError(error);
      }
    } else if (instance === undefined || !isChanging(instance.status)) toRegister.delete(id);
  }
}

/** Registers the instances with their admin password as soon as they run, even when their list is not open. */
export function registerWhenRunning(ids: readonly string[], password: string, done: (name: string) => void): void {
  onRegistered = done;
  for (const id of ids) toRegister.set(id, password);
  void refresh();
}

/** Asks the control plane for a deed; the list shows the expected status at once, and its own word again when the deed is refused. */
export async function act(deed: InstanceDeed, ids: readonly string[]): Promise<void> {
  const list = useInstances.getState().list ?? [];
  const expect = Object.fromEntries(
    list
      .filter((instance) => ids.includes(instance.id))
      .map((instance) => [instance.id, { status: EXPECTED[deed], from: instance.status, since: Date.now() }]),
  );
  useInstances.setState((state) => ({ expected: { ...state.expected, ...expect } }));
  const outcomes = await Promise.allSettled(ids.map((id) => api.instances[deed]({ id })));
  for (const [index, outcome] of outcomes.entries()) {
    const id = ids[index];
    if (outcome.status === 'fulfilled' || id === undefined) continue;
    presentError(outcome.reason);
    useInstances.setState((state) => {
      const { [id]: _refused, ...expected } = state.expected;
      return { expected };
    });
  }
  await refresh();
}

/** Keeps the list fresh while a view that shows it can be seen. */
export function useFreshInstances(visible: boolean): void {
  useEffect(() => {
    if (!visible) return undefined;
    viewers++;
    void refresh();
    const now = () => {
      if (!document.hidden) void refresh();
    };
    const stop = listen('instances', 'changed', now);
    document.addEventListener('visibilitychange', now);
    return () => {
      viewers--;
      stop();
      document.removeEventListener('visibilitychange', now);
      schedule();
    };
  }, [visible]);
}
