import { useEffect, useRef, useState, type RefObject } from 'react';

/** Where the drawing stands in its frame: pixels, and pixels to a unit. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Extent {
  readonly width: number;
  readonly height: number;
}

const LEAST = 0.05;
const MOST = 2;
const MARGIN = 24;
/** Below this names can't be read: a large plan begins with a part of it instead of as a whole. */
const READABLE = 0.75;

const clamp = (zoom: number): number => Math.min(MOST, Math.max(LEAST, zoom));

/** The whole in the middle of the frame, at most at its own size. */
export function fitted(content: Extent, frame: Extent): Camera {
  const zoom = clamp(
    Math.min(1, (frame.width - 2 * MARGIN) / content.width, (frame.height - 2 * MARGIN) / content.height),
  );
  return {
    x: Math.max(MARGIN, (frame.width - content.width * zoom) / 2),
    y: (frame.height - content.height * zoom) / 2,
    zoom,
  };
}

/** As a whole where it can be read, else so that `end`, a point of the drawing, is in sight with as much as fits before it. */
export function firstView(content: Extent, frame: Extent, end: { readonly x: number; readonly y: number }): Camera {
  const whole = fitted(content, frame);
  if (whole.zoom >= READABLE) return whole;
  const zoom = READABLE;
  const x = Math.min(MARGIN, frame.width - MARGIN - end.x * zoom);
  return { x, y: frame.height / 2 - end.y * zoom, zoom };
}

/** Pans by the wheel, zooms by it with Ctrl, and keeps to the size of its frame. */
export function useCamera(root: RefObject<HTMLElement | null>, content: Extent, end: { x: number; y: number }) {
  const [size, setSize] = useState<Extent>({ width: 0, height: 0 });
  const [camera, setCamera] = useState<Camera>({ x: 0, y: 0, zoom: 1 });
  const latest = useRef({ content, end, placed: false });
  latest.current = { ...latest.current, content, end };
  const zoomBy = (factor: number, at: { readonly x: number; readonly y: number }) =>
    setCamera((now) => {
      const zoom = clamp(now.zoom * factor);
      const scale = zoom / now.zoom;
      return { x: at.x - (at.x - now.x) * scale, y: at.y - (at.y - now.y) * scale, zoom };
    });
  const pan = (dx: number, dy: number) => setCamera((now) => ({ ...now, x: now.x + dx, y: now.y + dy }));
  useEffect(() => {
    const element = root.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      // A hidden tab has no size; its picture stays as it was.
      if (element.clientWidth === 0) return;
      const frame = { width: element.clientWidth, height: element.clientHeight };
      setSize(frame);
      if (latest.current.placed) return;
      latest.current.placed = true;
      setCamera(firstView(latest.current.content, frame, latest.current.end));
    });
    observer.observe(element);
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const rect = element.getBoundingClientRect();
      if (event.ctrlKey || event.metaKey) {
        const at = { x: event.clientX - rect.left, y: event.clientY - rect.top };
        zoomBy(Math.exp(-Math.max(-100, Math.min(100, event.deltaY)) * 0.0025), at);
      } else if (event.shiftKey) pan(-event.deltaY, 0);
      else pan(-event.deltaX, -event.deltaY);
    };
    // React's own wheel listeners can't hold the page back.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      observer.disconnect();
      element.removeEventListener('wheel', onWheel);
    };
  }, [root]);
  return {
    camera,
    size,
    pan,
    zoom: (factor: number) => zoomBy(factor, { x: size.width / 2, y: size.height / 2 }),
    fit: () => setCamera(fitted(content, size)),
    /** Brings a point of the drawing into the middle. */
    centre: (x: number, y: number) =>
      setCamera((now) => ({ ...now, x: size.width / 2 - x * now.zoom, y: size.height / 2 - y * now.zoom })),
  };
}
