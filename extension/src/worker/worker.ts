// A click on the keyboard command opens the sidebar. `open` must come first and without an await: one turn of the event loop
// and Chrome no longer sees the person's gesture.
chrome.commands.onCommand.addListener((command, tab) => {
  if (command === "open-sidebar" && tab !== undefined) void chrome.sidePanel.open({ windowId: tab.windowId });
});
