"""Makes the golden files of the package io.plm4j.media.video: tiny clips and what PyAV sees in them.

    python video.py ../resources/media/video

Needs PyAV with x264 and x265. The files in the repository were made with PyAV 18.1.0 (FFmpeg 8.1.2).
"""
import json
import os
import sys

import av
import numpy as np
from fractions import Fraction

out = sys.argv[1]
os.makedirs(out, exist_ok=True)
W,H=48,32
def picture(i):
    y,x=np.mgrid[0:H,0:W]
    return np.stack([(x*4+i*7)%256,(y*6+i*5)%256,((x+y)*2+i*9)%256],-1).astype(np.uint8)
def make(name,codec,n=30,rate=25,pix='yuv420p',opts={},copts={},pts=None,cs=None,cut=None):
    f=os.path.join(out,name)
    c=av.open(f,'w',options=copts)
    s=c.add_stream(codec,rate=rate,options=opts); s.width=W;s.height=H;s.pix_fmt=pix
    tb=Fraction(1,1000) if pts else Fraction(1,rate)
    s.codec_context.time_base=tb
    if cs: s.codec_context.colorspace=cs
    for i in range(n):
        fr=av.VideoFrame.from_ndarray(picture(i),format='rgb24').reformat(format=pix,dst_colorspace=cs)
        fr.pts=pts(i) if pts else i; fr.time_base=tb
        for p in s.encode(fr): c.mux(p)
    for p in s.encode(): c.mux(p)
    c.close()
    if cut:  # stream copy from a packet on, as phones and ffmpeg -ss -c copy do: an edit list hides what precedes
        src=av.open(f); dst=av.open(f+'.tmp.mp4','w'); so=src.streams.video[0]; do=dst.add_stream_from_template(so)
        off=None
        for p in src.demux(so):
            if p.dts is None: continue
            if p.pts*so.time_base<cut[0] : continue
            p.pts-=int(cut[1]/so.time_base); p.dts-=int(cut[1]/so.time_base); p.stream=do; dst.mux(p)
        dst.close(); src.close(); os.replace(f+'.tmp.mp4',f)
    return name
names=[
 make('h264-b.mp4','libx264',opts={'g':'10','bf':'3','crf':'30'}),
 make('h264-b.mkv','libx264',opts={'g':'10','bf':'3','crf':'30'}),
 make('h264-opengop.mp4','libx264',opts={'crf':'30','x264-params':'open-gop=1:keyint=10:bframes=3'}),
 make('h264-opengop.mkv','libx264',opts={'crf':'30','x264-params':'open-gop=1:keyint=10:bframes=3'}),
 make('h264-refresh.mkv','libx264',opts={'crf':'30','x264-params':'intra-refresh=1:keyint=10:bframes=0'}),
 make('h264-variable.mp4','libx264',opts={'g':'10','bf':'2','crf':'30'},pts=lambda i:i*40+(i*i)%37+(i//10)*500),
 make('h264-edited.mp4','libx264',opts={'g':'10','bf':'2','crf':'30'},cut=(0.4,0.5)),
 make('h264-fragments.mp4','libx264',opts={'g':'10','bf':'3','crf':'30'},copts={'movflags':'frag_keyframe+empty_moov'}),
 make('h264-10bit.mp4','libx264',pix='yuv420p10le',opts={'g':'10','crf':'30'}),
 make('h264-444-709.mp4','libx264',pix='yuv444p',cs=1,opts={'g':'10','crf':'30'}),
 make('h264-interlaced.mkv','libx264',opts={'crf':'30','x264-params':'interlaced=1:keyint=10:bframes=2'}),
 make('hevc-opengop.mp4','libx265',opts={'crf':'34','x265-params':'keyint=10:bframes=3:log-level=none'}),
 make('hevc-10bit.mkv','libx265',pix='yuv420p10le',opts={'crf':'34','x265-params':'keyint=10:open-gop=0:log-level=none'}),
]
rows=[]
for n in names:
    c=av.open(os.path.join(out,n)); fr=list(c.decode(video=0)); s=c.streams.video[0]
    px=[[int(v) for (x,y) in ((5,5),(24,16),(40,27)) for v in f.to_ndarray(format='rgb24')[y,x]] for f in fr]
    rows.append(dict(file=n,frames=len(fr),seconds=[round(float(f.time),6) for f in fr],pixels=px))
    print(n,len(fr),os.path.getsize(os.path.join(out,n)),fr[0].time, s.frames)
with open(out+'/frames.json','w') as o:
    o.write('{\n  "note": "Clips made with x264 and x265 by PyAV 18.1.0 (FFmpeg 8.1.2); pixels: red, green, blue at (5,5), (24,16), (40,27) of every frame as PyAV\'s to_ndarray(format=\\"rgb24\\") gave them; seconds: as stored. Equal where swscale runs the same code; tolerance 2 for other processors.",\n  "clips": [\n')
    o.write(',\n'.join('    '+json.dumps(r,separators=(',',':')) for r in rows)); o.write('\n  ]\n}\n')
