// One stay in a room: what we send, whom we receive. A new connection begins a new stay.
export class Call {
  // show: add(feed, name), track(feed, track), remove(feed), speaking(feed, yes)
  constructor(line, welcome, show) {
    this.line = line;
    this.show = show;
    this.feed = welcome.feed;
    this.configuration = { iceServers: welcome.ice };
    this.peers = new Map();
    this.heard = new Map();
    this.handles = new Map();
  }

  async begin() {
    this.handle = await this.line.attach();
    const { data } = await this.line.request(this.handle, { request: "join", ptype: "publisher" });
    this.meet(data);
    const peer = this.connect(this.handle);
    this.sound = peer.addTransceiver("audio", { direction: "sendonly" }).sender;
    this.picture = peer.addTransceiver("video", { direction: "sendonly" }).sender;
    await this.send();
    await peer.setLocalDescription(await peer.createOffer());
    const { jsep } = await this.line.request(this.handle, { request: "publish" }, peer.localDescription);
    await peer.setRemoteDescription(jsep);
  }

  // Send what the camera and microphone give now.
  async send() {
    await this.sound?.replaceTrack(this.media?.microphone ?? null);
    await this.picture?.replaceTrack(this.media?.camera ?? null);
  }

  connect(handle) {
    const peer = new RTCPeerConnection(this.configuration);
    this.peers.set(handle, peer);
    peer.onicecandidate = ({ candidate }) => {
      const found = candidate ? candidate.toJSON() : { completed: true };
      this.line.ask({ janus: "trickle", handle_id: handle, candidate: found }).catch(() => {});
    };
    peer.onconnectionstatechange = () => {
      if (peer.connectionState === "failed") this.line.again();
    };
    return peer;
  }

  // What the room says about others, on our own handle.
  event({ sender, janus, plugindata }) {
    if (janus === "hangup" && this.peers.has(sender)) {
      this.line.again();
      return;
    }
    const data = plugindata?.data;
    if (sender !== this.handle || !data) return;
    if (data.videoroom === "talking") this.show.speaking(data.id, true);
    else if (data.videoroom === "stopped-talking") this.show.speaking(data.id, false);
    else this.meet(data);
  }

  meet(data) {
    const there = [...(data.attendees ?? []), ...(data.publishers ?? [])];
    if (data.joining) there.push(data.joining);
    for (const each of there) this.show.add(each.id, each.display);
    for (const each of data.publishers ?? []) this.receive(each.id).catch(() => this.forget(each.id));
    if (data.unpublished && data.unpublished !== "ok") this.forget(data.unpublished);
    if (data.leaving && data.leaving !== "ok") {
      this.forget(data.leaving);
      this.show.remove(data.leaving);
    }
  }

  async receive(feed) {
    if (this.heard.has(feed)) return;
    this.heard.set(feed, null);
    const handle = await this.line.attach();
    this.heard.set(feed, handle);
    const peer = this.connect(handle);
    peer.ontrack = ({ track }) => this.show.track(feed, track);
    const wish = { request: "join", ptype: "subscriber", streams: [{ feed }] };
    const { jsep } = await this.line.request(handle, wish);
    await peer.setRemoteDescription(jsep);
    await peer.setLocalDescription(await peer.createAnswer());
    await this.line.request(handle, { request: "start" }, peer.localDescription);
  }

  forget(feed) {
    const handle = this.heard.get(feed);
    this.heard.delete(feed);
    this.peers.get(handle)?.close();
    this.peers.delete(handle);
    if (handle) this.line.ask({ janus: "detach", handle_id: handle }).catch(() => {});
  }

  end() {
    for (const peer of this.peers.values()) peer.close();
    this.peers.clear();
  }
}
