extension PublishedCases {
    /// `i_`: left open by RFC 8259, each with what this reader does, and the two `y_` cases that it refuses although the grammar takes them.
    /// Numbers of any size are taken as text; what is not UTF-8 or has half a surrogate pair has no one reading, and neither has an object with two equal keys.
    static let ourChoice = #"""
        i_number_double_huge_neg_exp accepted text [123.456e-789]
        i_number_huge_exp accepted hex
          5b302e346530303636393939393939393939393939393939393939393939393939393939393939393939393939393939393939393939393939393939
          393939393939393939393939393939393939393939393939393939393939393939393939393939393939393939393939393939393939393939393939
          393939393936393939393939393030365d
        i_number_neg_int_huge_exp accepted text [-1e+9999]
        i_number_pos_double_huge_exp accepted text [1.5e+9999]
        i_number_real_neg_overflow accepted text [-123123e100000]
        i_number_real_pos_overflow accepted text [123123e100000]
        i_number_real_underflow accepted text [123e-10000000]
        i_number_too_big_neg_int accepted text [-123123123123123123123123123123]
        i_number_too_big_pos_int accepted text [100000000000000000000]
        i_number_very_big_negative_int accepted text [-237462374673276894279832749832423479823246327846]
        i_object_key_lone_2nd_surrogate lone_surrogate text {"\uDFAA":0}
        i_string_1st_surrogate_but_2nd_missing lone_surrogate text ["\uDADA"]
        i_string_1st_valid_surrogate_2nd_invalid lone_surrogate text ["\uD888\u1234"]
        i_string_UTF-16LE_with_BOM byte_order_mark hex fffe5b002200e90022005d00
        i_string_UTF-8_invalid_sequence invalid_utf8 hex 5b22e697a5d188fa225d
        i_string_UTF8_surrogate_U+D800 invalid_utf8 hex 5b22eda080225d
        i_string_incomplete_surrogate_and_escape_valid lone_surrogate text ["\uD800\n"]
        i_string_incomplete_surrogate_pair lone_surrogate text ["\uDd1ea"]
        i_string_incomplete_surrogates_escape_valid lone_surrogate text ["\uD800\uD800\n"]
        i_string_invalid_lonely_surrogate lone_surrogate text ["\ud800"]
        i_string_invalid_surrogate lone_surrogate text ["\ud800abc"]
        i_string_invalid_utf-8 invalid_utf8 hex 5b22ff225d
        i_string_inverted_surrogates_U+1D11E lone_surrogate text ["\uDd1e\uD834"]
        i_string_iso_latin_1 invalid_utf8 hex 5b22e9225d
        i_string_lone_second_surrogate lone_surrogate text ["\uDFAA"]
        i_string_lone_utf8_continuation_byte invalid_utf8 hex 5b2281225d
        i_string_not_in_unicode_range invalid_utf8 hex 5b22f4bfbfbf225d
        i_string_overlong_sequence_2_bytes invalid_utf8 hex 5b22c0af225d
        i_string_overlong_sequence_6_bytes invalid_utf8 hex 5b22fc83bfbfbfbf225d
        i_string_overlong_sequence_6_bytes_null invalid_utf8 hex 5b22fc8080808080225d
        i_string_truncated-utf-8 invalid_utf8 hex 5b22e0ff225d
        i_string_utf16BE_no_BOM unexpected_byte hex 005b002200e90022005d
        i_string_utf16LE_no_BOM unexpected_byte hex 5b002200e90022005d00
        i_structure_500_nested_arrays too_deep nested 500
        i_structure_UTF-8_BOM_empty_object byte_order_mark hex efbbbf7b7d
        y_object_duplicated_key duplicate_key text {"a":"b","a":"c"}
        y_object_duplicated_key_and_value duplicate_key text {"a":"b","a":"b"}
        """#
}
