import { useEffect } from 'react';
import { create } from 'zustand';
import { errorInfo } from '../../../shared/errors';
import type { ControlPlaneState, InstanceOptions, InstanceStatus, InstanceView } from '../../../shared/model/instance';
import { LOCAL_PLANE } from '../../../shared/model/plane';
import { api, listen } from '../../api';
import { presentError } from '../../ui/error-presenter';
import {
  EXPECTATION_MS,
  EXPECTED,
  isChanging,
  keepUnchanged,
  openExpectations,
  type Expectation,
  type InstanceDeed,
} from './model';

/** What is known of one control plane. */
interface PlaneState {
  /** Null until the first answer. */
  readonly list: readonly InstanceView[] | null;
  /** Why the last reading failed; the list before it stays. */
  readonly listError: unknown;
  readonly options: InstanceOptions | null;
  readonly optionsError: unknown;
  /** By instance id. */
  readonly expected: Readonly<Record<string, Expectation>>;
}

const UNKNOWN: PlaneState = { list: null, listError: null, options: null, optionsError: null, expected: {} };

interface InstancesState {
  /** The local control plane; registered ones are asked without starting anything. */
  readonly controlPlane: ControlPlaneState;
  readonly planes: Readonly<Record<string, PlaneState>>;
}

export const useInstances = create<InstancesState>()(() => ({ controlPlane: { state: 'starting' }, planes: {} }));

const planeState = (plane: string): PlaneState => useInstances.getState().planes[plane] ?? UNKNOWN;
export const usePlaneState = (plane: string): PlaneState => useInstances((state) => state.planes[plane] ?? UNKNOWN);

function setPlane(plane: string, change: Partial<PlaneState>): void {
  useInstances.setState(({ planes }) => ({
    planes: { ...planes, [plane]: { ...(planes[plane] ?? UNKNOWN), ...change } },
  }));
}

/** Milliseconds between readings while something changes, and while nothing does. */
const BUSY_MS = 2_000;
const QUIET_MS = 10_000;

/** What goes on with a control plane, beside what is known of it. */
interface Reader {
  viewers: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  reading: Promise<void> | null;
  /** Admin passwords of instances that are registered when they run: in memory only, forgotten as soon as they were used. */
  readonly toRegister: Map<string, string>;
}

const readers = new Map<string, Reader>();
let onRegistered: (name: string) => void = () => undefined;

function readerOf(plane: string): Reader {
  const known = readers.get(plane);
  if (known !== undefined) return known;
  const made: Reader = { viewers: 0, timer: undefined, reading: null, toRegister: new Map() };
  readers.set(plane, made);
  return made;
}

/** Starts the local control plane when it does not run, and remembers how it is. */
async function startControlPlane(): Promise<void> {
  useInstances.setState({ controlPlane: { state: 'starting' } });
  try {
    useInstances.setState({ controlPlane: await api.instances.controlPlane({}) });
  } catch (error) {
    useInstances.setState({ controlPlane: { state: 'failed', problem: errorInfo(error).message } });
  }
}

export async function loadOptions(plane: string): Promise<void> {
  setPlane(plane, { optionsError: null });
  try {
    if (plane === LOCAL_PLANE) await startControlPlane();
    setPlane(plane, { options: await api.instances.options({ plane }) });
  } catch (error) {
    setPlane(plane, { optionsError: error });
  }
}

/** What the control plane offers; read once, null until it is known. */
export function useOptions(plane: string): InstanceOptions | null {
  const { options } = usePlaneState(plane);
  useEffect(() => {
    if (planeState(plane).options === null) void loadOptions(plane);
  }, [plane]);
  return options;
}

async function read(plane: string): Promise<void> {
  if (plane === LOCAL_PLANE) {
    if (useInstances.getState().controlPlane.state !== 'running') await startControlPlane();
    if (useInstances.getState().controlPlane.state !== 'running') return;
  }
  try {
    const list = keepUnchanged(planeState(plane).list ?? [], await api.instances.list({ plane }));
    setPlane(plane, {
      list,
      listError: null,
      expected: openExpectations(planeState(plane).expected, list, Date.now()),
    });
    await registerRunning(plane, list);
  } catch (error) {
    setPlane(plane, { listError: error });
    if (plane === LOCAL_PLANE && errorInfo(error).code === 'control-plane') await startControlPlane();
  }
}

/** Reads the list once; readings that overlap are one. */
export function refresh(plane: string): Promise<void> {
  const reader = readerOf(plane);
  reader.reading ??= read(plane).finally(() => {
    reader.reading = null;
    schedule(plane);
  });
  return reader.reading;
}

/** Reads what holds from now on: a reading that is under way may be older. */
async function refreshAfter(plane: string): Promise<void> {
  await readerOf(plane).reading;
  await refresh(plane);
}

function schedule(plane: string): void {
  const reader = readerOf(plane);
  clearTimeout(reader.timer);
  if ((reader.viewers === 0 || document.hidden) && reader.toRegister.size === 0) return;
  const { controlPlane } = useInstances.getState();
  const { list, expected } = planeState(plane);
  const local = plane === LOCAL_PLANE;
  // A control plane that failed waits for the person: trying again by itself would hide the reason.
  if (local && (controlPlane.state === 'failed' || controlPlane.state === 'stopped')) return;
  const busy =
    (local && controlPlane.state === 'starting') ||
    reader.toRegister.size > 0 ||
    Object.keys(expected).length > 0 ||
    (list ?? []).some((instance) => isChanging(instance.status));
  reader.timer = setTimeout(() => void refresh(plane), busy ? BUSY_MS : QUIET_MS);
}

async function registerRunning(plane: string, list: readonly InstanceView[]): Promise<void> {
  const { toRegister } = readerOf(plane);
  for (const [id, password] of toRegister) {
    const instance = list.find((each) => each.id === id);
    if (instance?.status === 'running') {
      toRegister.delete(id);
      try {
        await api.instances.register({ plane, id, password });
        onRegistered(instance.name);
      } catch (error) {
        presentError(error);
      }
    } else if (instance === undefined || !isChanging(instance.status)) toRegister.delete(id);
  }
}

/** Registers the instances with their admin password as soon as they run, even when their list is not open. */
export function registerWhenRunning(
  plane: string,
  ids: readonly string[],
  password: string,
  done: (name: string) => void,
): void {
  onRegistered = done;
  for (const id of ids) readerOf(plane).toRegister.set(id, password);
  void refresh(plane);
}

function forget(plane: string, ids: readonly string[]): void {
  const kept = Object.entries(planeState(plane).expected).filter(([id]) => !ids.includes(id));
  setPlane(plane, { expected: Object.fromEntries(kept) });
}

/** Takes an expectation back that the control plane has confirmed, or has not for too long. */
export function settle({ plane, id, status }: Pick<InstanceView, 'plane' | 'id' | 'status'>): void {
  const each = planeState(plane).expected[id];
  if (each === undefined) return;
  if (each.from !== status || Date.now() - each.since >= EXPECTATION_MS) forget(plane, [id]);
}

/**
 * Shows a status from the click on, while the call is on its way; the control plane's own word stands again when it was refused.
 * @throws what the call throws
 */
export async function withExpected(
  { plane, id, status: from }: Pick<InstanceView, 'plane' | 'id' | 'status'>,
  status: InstanceStatus,
  call: () => Promise<unknown>,
): Promise<void> {
  const { expected } = planeState(plane);
  setPlane(plane, { expected: { ...expected, [id]: { status, from, since: Date.now() } } });
  try {
    await call();
    await refreshAfter(plane);
    // The local control plane has the status as soon as it accepts; whatever it says now is true, also that it is done already.
    if (plane === LOCAL_PLANE) forget(plane, [id]);
  } catch (error) {
    forget(plane, [id]);
    throw error;
  }
}

/** Asks the control plane for a deed on several instances at once; each refusal is shown. */
export async function act(deed: InstanceDeed, instances: readonly InstanceView[]): Promise<void> {
  const ask = (instance: InstanceView) =>
    withExpected(instance, EXPECTED[deed], () => api.instances[deed]({ plane: instance.plane, id: instance.id }));
  await Promise.all(instances.map((instance) => ask(instance).catch(presentError)));
}

/** Keeps the list fresh while a view that shows it can be seen. */
export function useFreshInstances(plane: string, visible: boolean): void {
  useEffect(() => {
    if (!visible) return undefined;
    const reader = readerOf(plane);
    reader.viewers++;
    void refresh(plane);
    const now = () => {
      if (!document.hidden) void refresh(plane);
    };
    const stop = listen('instances', 'changed', now);
    document.addEventListener('visibilitychange', now);
    return () => {
      reader.viewers--;
      stop();
      document.removeEventListener('visibilitychange', now);
      schedule(plane);
    };
  }, [plane, visible]);
}
