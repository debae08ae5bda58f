import { contextBridge, ipcRenderer } from 'electron';

// The whole bridge. A feature never changes this file: names and payloads are checked in main (ipc/) and typed in renderer/api.
contextBridge.exposeInMainWorld('howdah', {
  call: (name: string, callId: string, input: unknown): Promise<unknown> =>
    ipcRenderer.invoke('howdah:call', name, callId, input),
  abort: (callId: string): void => ipcRenderer.send('howdah:abort', callId),
  listen: (listener: (name: string, payload: unknown) => void): (() => void) => {
    const relay = (_event: unknown, name: string, payload: unknown) => listener(name, payload);
    ipcRenderer.on('howdah:push', relay);
    return () => ipcRenderer.off('howdah:push', relay);
  },
});
