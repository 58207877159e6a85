"""HEIC: a picture of 64 x 48, red at the left and blue at the right, as a phone would save it."""

import base64
import contextlib
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olhar.base.errors import PictureError
from olhar.base.images import decode, shape, to_pixels
from tests.conftest import assert_says

PICTURE = base64.b85decode(
    "0000SW^{RQXk}?*00000ZE0pPXk}?*ZE0a<0004fZDn*}000000000XXk=`10000000000aA{+700000000000000000000B57=IV*mgE07O6l0RRC2000"
    "01p#T8@00000003$L001LtX>Mi!000000RR916=`l}WdZ;I000310BCk&F#rGn01j|zbZr0t000010002}X>f9I0002pX>en20001XXm(>m0RwOV0058x00"
    "0009`FGC{rLC*01pFT0096PKmiN^|NjGU00093kN^M!000939=ZZRVE_RDDnbDP18@KU0|1Z!00RI30{|YNAb|yz>g1-mxCm%4AOHXZ10VnZ0{|gn00967"
    "L;=Bbz=;3=025<xY;ta6Y<K_x01W^JfB*mh6lrsCWdHyG00000KmY&$KmY&$C}V74Z~y=RKmY&$0RR91FaQ7m0RR91000000{{R2@Bjb+0ssI25O8UDX#fB"
    "K00RgJ2mk;87-?{AVE_OC000000RRC7fdT^sga7~la&2T`bN~PVW+(x#3E(*+B)|Xnr9c1pZ{9=qX7#~;{Zrld_!@`*`?pt77}hMaIPwTmkl}3wSd4QWGe^"
    "-Ael*DyYLwd=z(}As5o7U*5l3(`+m2gW!hX4=^Ffa_B7wQ*e!rTf;C*g)JMI<"
)


def test_a_heic_photograph_is_read():
    pytest.importorskip("pi_heif")
    assert shape(PICTURE) == (48, 64, 3)
    pixels = to_pixels(PICTURE, (8, 8), 3, "stretch", "phone.heic")
    assert pixels[0, 0].tolist() == pytest.approx([220, 40, 40], abs=4)
    assert pixels[0, 7].tolist() == pytest.approx([40, 60, 210], abs=4)


def test_a_heic_photograph_that_is_too_large_is_refused_from_its_header():
    pytest.importorskip("pi_heif")
    with pytest.raises(PictureError) as error:
        decode(PICTURE, "phone.heic", limit=64 * 48 - 1)
    assert_says(error, "phone.heic", "64", "48")


def test_without_the_extra_it_is_named_and_so_is_the_phone_s_setting(monkeypatch):
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    with pytest.raises(PictureError) as error:
        to_pixels(PICTURE, (8, 8), 3, "stretch", "phone.heic")
    assert_says(error, "phone.heic", "olhar[heic]", "Most Compatible")


@given(st.integers(0, len(PICTURE) - 1), st.integers(1, 255), st.integers(0, len(PICTURE)))
def test_damage_gives_a_picture_or_its_error(place, change, end):
    pytest.importorskip("pi_heif")
    damaged = bytearray(PICTURE)
    damaged[place] ^= change
    for data in (bytes(damaged), PICTURE[:end]):
        with contextlib.suppress(PictureError):
            assert to_pixels(data, (8, 8), 3, "stretch", "phone.heic").shape == (8, 8, 3)
