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

// Cyrillic has its small letters behind D0 and D1, and the capitals that they
// fold to behind D0. By the upper half of the second byte: what is added to it
// behind D0, and behind D1, where the first byte becomes D0 as well. Behind D1, A0
// to BF are left to others.
DATA behindD0<>+0(SB)/8, $0x0000000000000000
DATA behindD0<>+8(SB)/8, $0x00000000E0000000
GLOBL behindD0<>(SB), RODATA|NOPTR, $16
DATA behindD1<>+0(SB)/8, $0x0000000000000000
DATA behindD1<>+8(SB)/8, $0x000000000000F020
GLOBL behindD1<>(SB), RODATA|NOPTR, $16

DATA firstD0<>+0(SB)/8, $0xD0D0D0D0D0D0D0D0
DATA firstD0<>+8(SB)/8, $0xD0D0D0D0D0D0D0D0
DATA firstD0<>+16(SB)/8, $0xD0D0D0D0D0D0D0D0
DATA firstD0<>+24(SB)/8, $0xD0D0D0D0D0D0D0D0
GLOBL firstD0<>(SB), RODATA|NOPTR, $32
DATA firstD1<>+0(SB)/8, $0xD1D1D1D1D1D1D1D1
DATA firstD1<>+8(SB)/8, $0xD1D1D1D1D1D1D1D1
DATA firstD1<>+16(SB)/8, $0xD1D1D1D1D1D1D1D1
DATA firstD1<>+24(SB)/8, $0xD1D1D1D1D1D1D1D1
GLOBL firstD1<>(SB), RODATA|NOPTR, $32

// All bytes of a block but the last one, whose second byte is in the next block.
DATA notLast<>+0(SB)/8, $0xFFFFFFFFFFFFFFFF
DATA notLast<>+8(SB)/8, $0xFFFFFFFFFFFFFFFF
DATA notLast<>+16(SB)/8, $0xFFFFFFFFFFFFFFFF
DATA notLast<>+24(SB)/8, $0x00FFFFFFFFFFFFFF
GLOBL notLast<>(SB), RODATA|NOPTR, $32

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
	VBROADCASTI128 behindD0<>(SB), Y12
	VBROADCASTI128 behindD1<>(SB), Y14

block:
	VMOVDQU (SI), Y6

	// The comparison is of signed numbers: bytes beyond ASCII are before A.
	VPCMPGTB Y0, Y6, Y7
	VPCMPGTB Y6, Y1, Y8
	VPAND    Y7, Y8, Y8
	VPAND    Y2, Y8, Y8
	VPOR     Y6, Y8, Y8

	VPMOVMSKB Y6, BX
	TESTL     BX, BX
	JZ        marked

	// Y15: which bytes begin no rune with a case.
	VPAND    Y3, Y6, Y7
	VPSRLW   $4, Y6, Y15
	VPAND    Y3, Y15, Y15
	VPSHUFB  Y7, Y5, Y7
	VPSHUFB  Y15, Y4, Y15
	VPAND    Y7, Y15, Y15
	VPCMPEQB Y9, Y15, Y15

	// Y10 and Y11: where D0 and D1 are. Y13: what is added to the byte behind.
	VMOVDQU  1(SI), Y7
	VPSRLW   $4, Y7, Y7
	VPAND    Y3, Y7, Y7
	VPCMPEQB firstD0<>(SB), Y6, Y10
	VPCMPEQB firstD1<>(SB), Y6, Y11
	VPAND    notLast<>(SB), Y10, Y10
	VPAND    notLast<>(SB), Y11, Y11
	VPSHUFB  Y7, Y12, Y13
	VPSHUFB  Y7, Y14, Y7
	VPAND    Y10, Y13, Y13
	VPAND    Y11, Y7, Y7
	VPOR     Y7, Y13, Y13

	// Y7: which D1 become D0.
	VPCMPEQB Y9, Y7, Y7
	VPANDN   Y11, Y7, Y7
	VPADDB   Y7, Y8, Y8

	// What is added moves by one byte, over the middle of the register as well.
	VPERM2I128 $0x08, Y13, Y13, Y11
	VPALIGNR   $15, Y11, Y13, Y13
	VPADDB     Y13, Y8, Y8

	VPOR      Y10, Y15, Y15
	VPOR      Y7, Y15, Y15
	VPMOVMSKB Y15, BX
	NOTL      BX

marked:
	VMOVDQU Y8, (DI)
	MOVL    BX, (DX)
	ADDQ $32, SI
	ADDQ $32, DI
	ADDQ $4, DX
	DECQ CX
	JNZ  block
	VZEROUPPER
	RET
