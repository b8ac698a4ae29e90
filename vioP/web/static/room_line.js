// The connection behind a room: Janus's protocol through our gateway. It mends itself.
const PING = 2500;
const SILENT = 7000;
const PAUSES = [300, 1000, 2000, 4000];
export const MOVED = 4001;
const FOR_GOOD = new Set([MOVED, 4003, 4004]);

// A tab that connects again replaces itself; another tab or device asks first.
const tab = crypto.getRandomValues(new Uint32Array(4)).join("");

export class Line {
  // tell: functions called with what the gateway says (by its word), and event, down, over.
  constructor(path, tell) {
    this.address = `${location.origin.replace(/^http/, "ws")}${path}?tab=${tab}`;
    this.tell = tell;
    this.failures = 0;
    this.left = false;
    this.waiting = new Map();
    this.counter = 0;
    addEventListener("online", () => this.hurry());
  }

  open() {
    const socket = new WebSocket(this.address);
    this.socket = socket;
    this.heardAt = performance.now();
    const watch = setInterval(() => {
      if (performance.now() - this.heardAt > SILENT) this.fail(socket, watch, 0);
      else this.say({ viop: "ping" });
    }, PING);
    socket.onmessage = (message) => this.hear(JSON.parse(message.data));
    socket.onclose = (closed) => this.fail(socket, watch, closed.code);
  }

  // The socket is over, or so silent that it must be. Only the first word about it counts.
  fail(socket, watch, code) {
    if (socket !== this.socket) return;
    clearInterval(watch);
    this.socket = null;
    socket.close();
    for (const [, stop] of this.waiting.values()) stop(new Error("connection lost"));
    this.waiting.clear();
    if (this.left) return;
    if (FOR_GOOD.has(code)) {
      this.left = true;
      this.tell.over(code);
      return;
    }
    this.tell.down();
    const pause = PAUSES[Math.min(this.failures, PAUSES.length - 1)];
    this.failures += 1;
    this.timer = setTimeout(() => this.open(), pause);
  }

  again() {
    this.socket?.close();
  }

  hurry() {
    if (this.left || this.socket) return;
    clearTimeout(this.timer);
    this.open();
  }

  leave() {
    this.left = true;
    clearTimeout(this.timer);
    this.socket?.close(1000);
  }

  say(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  // Ask Janus; the answer is its event, or for a trickle its acknowledgement.
  ask(message) {
    this.counter += 1;
    const transaction = `t${this.counter}`;
    return new Promise((resolve, reject) => {
      this.waiting.set(transaction, [resolve, reject, message.janus === "trickle"]);
      this.say({ ...message, transaction });
    });
  }

  // A handle for what goes by a leg: "video" or "audio".
  async attach(leg) {
    return (await this.ask({ janus: "attach", leg })).data.id;
  }

  async request(handle, body, jsep) {
    const message = { janus: "message", handle_id: handle, body };
    if (jsep) message.jsep = { type: jsep.type, sdp: jsep.sdp };
    const answer = await this.ask(message);
    const data = answer.plugindata?.data ?? {};
    if (data.error) throw new Error(data.error);
    return { data, jsep: answer.jsep };
  }

  hear(said) {
    this.heardAt = performance.now();
    if (said.viop) {
      if (said.viop === "enter") this.failures = 0;
      this.tell[said.viop]?.(said);
      return;
    }
    const [resolve, reject, takesAck] = this.waiting.get(said.transaction) ?? [];
    if (resolve && (said.janus !== "ack" || takesAck)) {
      this.waiting.delete(said.transaction);
      if (said.janus === "error") reject(new Error(said.error.reason));
      else resolve(said);
    } else if (!resolve) {
      this.tell.event(said);
    }
  }
}
