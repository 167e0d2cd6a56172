// Who is speaking. Everything that isn't surely one of the two is refused.

/** The reader in Gmail's top frame, and no other script or frame. Gives the tab's id. */
export function gmailTabOf(sender: chrome.runtime.MessageSender, extensionId: string): number | undefined {
  const trusted = sender.id === extensionId && sender.frameId === 0 && sender.origin === "https://mail.google.com";
  return trusted ? sender.tab?.id : undefined;
}

/** A page of this extension. `base` is `chrome-extension://ID/`. */
export function isOwnPage(sender: chrome.runtime.MessageSender, extensionId: string, base: string): boolean {
  return sender.id === extensionId && `${sender.origin}/` === base && (sender.url?.startsWith(base) ?? false);
}
