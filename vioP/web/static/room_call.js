// One stay in a room: what we send, whom we see and hear. A new connection begins a new stay.
export class Call {
  // media: what we send, camera and microphone. sound: the element everybody is heard by.
  // show: add(feed, name), track(feed, track), remove(feed), speaking(feed, yes)
  constructor(line, welcome, { media, sound, show, muted }) {
    this.line = line;
    this.media = media;
    this.sound = sound;
    this.show = show;
    this.muted = muted;
    this.feed = welcome.feed;
    this.configuration = { iceServers: welcome.ice };
    this.peers = new Map();
    this.seen = new Map();
  }

  async begin() {
    await Promise.all([this.beHeard(), this.beSeen()]);
  }

  // Sound is mixed: one connection carries ours there, and everybody else's back.
  async beHeard() {
    this.voice = await this.line.attach("audio");
    await this.line.request(this.voice, { request: "join", muted: this.muted });
    const peer = this.connect(this.voice);
    peer.ontrack = ({ track }) => {
      this.sound.srcObject = new MediaStream([track]);
      this.sound.play().catch(() => {});
    };
    this.microphone = peer.addTransceiver("audio", { direction: "sendrecv" }).sender;
    await this.send();
    await this.offer(peer, this.voice, { request: "configure" });
  }

  // Pictures come one by one: a connection carries ours there, and one for each back.
  async beSeen() {
    this.handle = await this.line.attach("video");
    const { data } = await this.line.request(this.handle, { request: "join", ptype: "publisher" });
    this.meet(data);
    const peer = this.connect(this.handle);
    this.camera = peer.addTransceiver("video", { direction: "sendonly" }).sender;
    await this.send();
    await this.offer(peer, this.handle, { request: "publish" });
  }

  async offer(peer, handle, request) {
    await peer.setLocalDescription(await peer.createOffer());
    const { jsep } = await this.line.request(handle, request, peer.localDescription);
    await peer.setRemoteDescription(jsep);
  }

  // Send what the camera and microphone give now.
  async send() {
    await this.microphone?.replaceTrack(this.media.microphone);
    await this.camera?.replaceTrack(this.media.camera);
  }

  // Whoever is muted is left out of the mix.
  mute(muted) {
    if (muted === this.muted) return;
    this.muted = muted;
    if (this.microphone) this.line.request(this.voice, { request: "configure", muted }).catch(() => {});
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
    if (!data) return;
    if (sender === this.handle) this.meet(data);
    if (sender === this.voice && data.audiobridge === "talking") this.show.speaking(data.id, true);
    if (sender === this.voice && data.audiobridge === "stopped-talking") this.show.speaking(data.id, false);
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
    if (this.seen.has(feed)) return;
    this.seen.set(feed, null);
    const handle = await this.line.attach("video");
    this.seen.set(feed, handle);
    const peer = this.connect(handle);
    peer.ontrack = ({ track }) => this.show.track(feed, track);
    const wish = { request: "join", ptype: "subscriber", streams: [{ feed }] };
    const { jsep } = await this.line.request(handle, wish);
    await peer.setRemoteDescription(jsep);
    await peer.setLocalDescription(await peer.createAnswer());
    await this.line.request(handle, { request: "start" }, peer.localDescription);
  }

  forget(feed) {
    const handle = this.seen.get(feed);
    this.seen.delete(feed);
    this.peers.get(handle)?.close();
    this.peers.delete(handle);
    if (handle) this.line.ask({ janus: "detach", handle_id: handle }).catch(() => {});
  }

  end() {
    for (const peer of this.peers.values()) peer.close();
    this.peers.clear();
  }
}
