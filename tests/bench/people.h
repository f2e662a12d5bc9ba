/*
 * Made-up people for the benchmarks of the register: names with the commonest family names in about
 * their shares and two or one of some hundred given characters, mobile numbers of the real ranges,
 * identity numbers that end in a digit or an X. The n-th is always the same.
 */
#ifndef TESTS_BENCH_PEOPLE_H
#define TESTS_BENCH_PEOPLE_H

#include "base/text.h"
#include "core/types.h"

/* The n-th number of a sequence that looks random: the finaliser of splitmix64. */
static inline uint64_t people_random(uint64_t n)
{
	n = (n + 1) * UINT64_C(0x9E3779B97F4A7C15);
	n = (n ^ n >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	n = (n ^ n >> 27) * UINT64_C(0x94D049BB133111EB);
	return n ^ n >> 31;
}

/* The n-th character of text. */
static inline const char *people_char(const char *text, size_t n, char out[8])
{
	out[0] = '\0';
	for (size_t i = 0; i <= n; i++) {
		int32_t cp = utf8_next(&text);
		if (i == n)
			utf8_append(out, 8, cp);
	}
	return out;
}

static const char people_families[] =
	"王王王王王王王李李李李李李李张张张张张张张刘刘刘刘刘陈陈陈陈陈杨杨杨赵赵黄黄周周吴吴徐徐孙"
	"孙"
	"胡胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟"
	"汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";
static const char people_given[] =
	"伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉力建国华红玉萍鹏飞鑫波斌宇浩凯健俊帆"
	"雪荣爱琴云莲真环雅芝玲翠香月莺媛瑞凡佳嘉琼珍贞莉锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓纨仪荷丹"
	"蓉眉君琪岚苑婕馨瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽琬茗羽希宁欣飘育滢馥筠柔竹霭凝晓欢霄枫芸"
	"菲寒伊亚宜可姬舒影荔枝思龙胜学祥才发武新利清彬富顺信子成康星光天达安岩中茂进林有坚和彪博"
	"诚先敬震振壮会思群豪心邦承乐绍功松善厚庆民友裕河哲江浮亮政谦亨奇固之轮翰朗伯宏言若鸣朋梁";

static inline struct person people_person(uint64_t n)
{
	static const char phones[][4] = { "130", "131", "132", "133", "135", "136", "137",
					  "138", "139", "150", "151", "152", "155", "158",
					  "159", "177", "180", "186", "188", "189" };
	struct person p = { .document_kind = DOCUMENT_ID_CARD };
	uint64_t r = people_random(n), more = people_random(r);
	char family[8], first[8], second[8];
	size_t families = utf8_length(people_families), given = utf8_length(people_given);

	people_char(people_families, r % families, family);
	people_char(people_given, (r >> 16) % given, first);
	people_char(people_given, (r >> 32) % given, second);
	text_format(p.name, sizeof(p.name), "%s%s%s", family, first, r >> 60 < 3 ? "" : second);
	text_format(p.phone, sizeof(p.phone), "%s%08u", phones[more % ARRAY_LEN(phones)],
		    (unsigned)(more >> 8) % 100000000U);
	text_format(p.document, sizeof(p.document), "%06u19%02u%02u%02u%03u%c",
		    110101 + (unsigned)(more >> 40) % 400000U, 30 + (unsigned)(r >> 20) % 70U,
		    1 + (unsigned)(r >> 24) % 12U, 1 + (unsigned)(r >> 28) % 28U,
		    (unsigned)(more >> 20) % 1000U, "0123456789X"[(more >> 32) % 11]);
	text_format(p.household, sizeof(p.household), "%u-%u-%u", 1 + (unsigned)(r >> 8) % 20U,
		    1 + (unsigned)(r >> 12) % 4U, 101 + (unsigned)(r >> 36) % 2000U);
	text_copy(p.purpose, sizeof(p.purpose), "family");
	return p;
}

#endif
