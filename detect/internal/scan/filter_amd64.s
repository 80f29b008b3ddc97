#include "textflag.h"

// The multipliers of filter.go, and the mask of a bit's number in a word.
DATA wordMultiplier<>+0(SB)/4, $0x9E3779B1
GLOBL wordMultiplier<>(SB), RODATA|NOPTR, $4
DATA bitMultiplier<>+0(SB)/4, $0x85EBCA6B
GLOBL bitMultiplier<>(SB), RODATA|NOPTR, $4
DATA bitNumber<>+0(SB)/4, $31
GLOBL bitNumber<>(SB), RODATA|NOPTR, $4

// LANES asks for the windows at a distance from SI, eight of them four bytes
// apart, and leaves a bit for each in OUT.
//   Y4 the first four bytes of each window, then their hash for narrow windows
//   Y5 the four bytes behind them, then their hash for wide windows
//   Y6 the hash that chooses the words, then the number of the first bit
//   Y9 the words; Y10 to Y13 the words shifted so that a bit asked for is the lowest
#define LANES(AT, OUT) \
	VMOVDQU    AT(SI), Y4        \
	VMOVDQU    (AT+4)(SI), Y5    \
	VPMULLD    Y0, Y4, Y6        \
	VPSRLD     X3, Y6, Y7        \
	VPCMPEQD   Y8, Y8, Y8        \
	VPXOR      Y9, Y9, Y9        \
	VPGATHERDD Y8, (DI)(Y7*4), Y9 \
	VPMULLD    Y1, Y4, Y4        \
	VPMULLD    Y1, Y5, Y5        \
	VPSRLD     $11, Y6, Y6       \
	VPAND      Y2, Y6, Y6        \
	VPSRLD     $27, Y4, Y11      \
	VPSRLD     $22, Y4, Y4       \
	VPAND      Y2, Y4, Y4        \
	VPSRLD     $27, Y5, Y12      \
	VPSRLD     $22, Y5, Y5       \
	VPAND      Y2, Y5, Y5        \
	VPSRLVD    Y6, Y9, Y10       \
	VPSRLVD    Y11, Y9, Y11      \
	VPSRLVD    Y4, Y9, Y4        \
	VPSRLVD    Y12, Y9, Y12      \
	VPSRLVD    Y5, Y9, Y13       \
	VPAND      Y4, Y11, Y11      \
	VPAND      Y13, Y12, Y12     \
	VPOR       Y11, Y12, Y12     \
	VPAND      Y12, Y10, Y10     \
	VPSLLD     $31, Y10, Y10     \
	VMOVMSKPS  Y10, OUT

// func scanAVX2(text *byte, words *uint32, shift uint64, masks *uint16, blocks int)
TEXT ·scanAVX2(SB), NOSPLIT, $0-40
	MOVQ text+0(FP), SI
	MOVQ words+8(FP), DI
	VMOVQ shift+16(FP), X3
	MOVQ masks+24(FP), DX
	MOVQ blocks+32(FP), CX
	VPBROADCASTD wordMultiplier<>(SB), Y0
	VPBROADCASTD bitMultiplier<>(SB), Y1
	VPBROADCASTD bitNumber<>(SB), Y2

block:
	LANES(0, AX)
	LANES(2, BX)
	SHLL $8, BX
	ORL  BX, AX
	MOVW AX, (DX)
	ADDQ $32, SI
	ADDQ $2, DX
	DECQ CX
	JNZ  block
	VZEROUPPER
	RET
