#include "textflag.h"

// Bytes before and behind the upper-case letters, the bit that makes them lower
// case, and the lower half of a byte.
DATA beforeA<>+0(SB)/1, $0x40
GLOBL beforeA<>(SB), RODATA|NOPTR, $1
DATA behindZ<>+0(SB)/1, $0x5B
GLOBL behindZ<>(SB), RODATA|NOPTR, $1
DATA caseBit<>+0(SB)/1, $0x20
GLOBL caseBit<>(SB), RODATA|NOPTR, $1
DATA lowerHalf<>+0(SB)/1, $0x0F
GLOBL lowerHalf<>(SB), RODATA|NOPTR, $1

// Which first bytes of a rune of several bytes may have a case: a bit for C0 to
// DF, one for E1, E2, EA and EF, one for F0. A byte is one of them where the
// entries of its upper and its lower half share a bit.
DATA upperHalves<>+0(SB)/8, $0x0000000000000000
DATA upperHalves<>+8(SB)/8, $0x0402010100000000
GLOBL upperHalves<>(SB), RODATA|NOPTR, $16
DATA lowerHalves<>+0(SB)/8, $0x0101010101030305
DATA lowerHalves<>+8(SB)/8, $0x0301010101030101
GLOBL lowerHalves<>(SB), RODATA|NOPTR, $16

// func foldBlocks(out, text *byte, masks *uint32, blocks int)
TEXT ·foldBlocks(SB), NOSPLIT, $0-32
	MOVQ out+0(FP), DI
	MOVQ text+8(FP), SI
	MOVQ masks+16(FP), DX
	MOVQ blocks+24(FP), CX
	VPBROADCASTB   beforeA<>(SB), Y0
	VPBROADCASTB   behindZ<>(SB), Y1
	VPBROADCASTB   caseBit<>(SB), Y2
	VPBROADCASTB   lowerHalf<>(SB), Y3
	VBROADCASTI128 upperHalves<>(SB), Y4
	VBROADCASTI128 lowerHalves<>(SB), Y5
	VPXOR          Y9, Y9, Y9

block:
	VMOVDQU (SI), Y6

	// The comparison is of signed numbers: bytes beyond ASCII are before A.
	VPCMPGTB Y0, Y6, Y7
	VPCMPGTB Y6, Y1, Y8
	VPAND    Y7, Y8, Y8
	VPAND    Y2, Y8, Y8
	VPOR     Y6, Y8, Y8
	VMOVDQU  Y8, (DI)

	VPMOVMSKB Y6, BX
	TESTL     BX, BX
	JZ        marked
	VPAND     Y3, Y6, Y7
	VPSRLW    $4, Y6, Y8
	VPAND     Y3, Y8, Y8
	VPSHUFB   Y7, Y5, Y7
	VPSHUFB   Y8, Y4, Y8
	VPAND     Y7, Y8, Y8
	VPCMPEQB  Y9, Y8, Y8
	VPMOVMSKB Y8, BX
	NOTL      BX

marked:
	MOVL BX, (DX)
	ADDQ $32, SI
	ADDQ $32, DI
	ADDQ $4, DX
	DECQ CX
	JNZ  block
	VZEROUPPER
	RET
