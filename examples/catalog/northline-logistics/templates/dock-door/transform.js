function transform(frame, metadata) {
  // Nine of ten frames are heartbeats. Operations watch them by the asset's count of raw events; nobody
  // downstream wants them, so they become no events.
  if (frame.kind === "heartbeat") return [];

  const { dock = "unknown", contact = "normally-closed" } = metadata.attributes;
  const open = contact === "normally-closed" ? !frame.contactClosed : frame.contactClosed;
  return {
    eventType: open ? "door.opened" : "door.closed",
    data: { dock, open, openings: frame.openings, batteryPercent: frame.batteryPercent },
  };
}
