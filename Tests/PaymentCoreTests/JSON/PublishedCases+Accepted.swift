extension PublishedCases {
    /// `y_`: valid by RFC 8259, all but the two with duplicate keys.
    static let accepted = #"""
        y_array_arraysWithSpaces text [[]   ]
        y_array_empty-string text [""]
        y_array_empty text []
        y_array_ending_with_newline text ["a"]
        y_array_false text [false]
        y_array_heterogeneous text [null, 1, "1", {}]
        y_array_null text [null]
        y_array_with_1_and_newline hex 5b310a5d
        y_array_with_leading_space hex 205b315d
        y_array_with_several_null text [1,null,null,null,2]
        y_array_with_trailing_space hex 5b325d20
        y_number text [123e65]
        y_number_0e+1 text [0e+1]
        y_number_0e1 text [0e1]
        y_number_after_space text [ 4]
        y_number_double_close_to_zero hex
          5b2d302e3030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030
          303030303030303030303030303030303030303030315d0a
        y_number_int_with_exp text [20e1]
        y_number_minus_zero text [-0]
        y_number_negative_int text [-123]
        y_number_negative_one text [-1]
        y_number_negative_zero text [-0]
        y_number_real_capital_e text [1E22]
        y_number_real_capital_e_neg_exp text [1E-2]
        y_number_real_capital_e_pos_exp text [1E+2]
        y_number_real_exponent text [123e45]
        y_number_real_fraction_exponent text [123.456e78]
        y_number_real_neg_exp text [1e-2]
        y_number_real_pos_exponent text [1e+2]
        y_number_simple_int text [123]
        y_number_simple_real text [123.456789]
        y_object text {"asd":"sdf", "dfg":"fgh"}
        y_object_basic text {"asd":"sdf"}
        y_object_empty text {}
        y_object_empty_key text {"":0}
        y_object_escaped_null_in_key text {"foo\u0000bar": 42}
        y_object_extreme_numbers text { "min": -1.0e+28, "max": 1.0e+28 }
        y_object_long_strings text {"x":[{"id": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}], "id": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}
        y_object_simple text {"a":[]}
        y_object_string_unicode hex
          7b227469746c65223a225c75303431665c75303433655c75303433625c75303434325c75303433655c75303434305c7530343330205c75303431375c
          75303433355c75303433635c75303433625c75303433355c75303433615c75303433655c75303433665c753034333022207d
        y_object_with_newlines hex 7b0a2261223a202262220a7d
        y_string_1_2_3_bytes_UTF-8_sequences text ["\u0060\u012a\u12AB"]
        y_string_accepted_surrogate_pair text ["\uD801\udc37"]
        y_string_accepted_surrogate_pairs text ["\ud83d\ude39\ud83d\udc8d"]
        y_string_allowed_escapes text ["\"\\\/\b\f\n\r\t"]
        y_string_backslash_and_u_escaped_zero text ["\\u0000"]
        y_string_backslash_doublequotes text ["\""]
        y_string_comments text ["a/*b*/c/*d//e"]
        y_string_double_escape_a text ["\\a"]
        y_string_double_escape_n text ["\\n"]
        y_string_escaped_control_character text ["\u0012"]
        y_string_escaped_noncharacter text ["\uFFFF"]
        y_string_in_array text ["asd"]
        y_string_in_array_with_leading_space text [ "asd"]
        y_string_last_surrogates_1_and_2 text ["\uDBFF\uDFFF"]
        y_string_nbsp_uescaped text ["new\u00A0line"]
        y_string_nonCharacterInUTF-8_U+10FFFF hex 5b22f48fbfbf225d
        y_string_nonCharacterInUTF-8_U+FFFF hex 5b22efbfbf225d
        y_string_null_escape text ["\u0000"]
        y_string_one-byte-utf-8 text ["\u002c"]
        y_string_pi text ["π"]
        y_string_reservedCharacterInUTF-8_U+1BFFF hex 5b22f09bbfbf225d
        y_string_simple_ascii text ["asd "]
        y_string_space text " "
        y_string_surrogates_U+1D11E_MUSICAL_SYMBOL_G_CLEF text ["\uD834\uDd1e"]
        y_string_three-byte-utf-8 text ["\u0821"]
        y_string_two-byte-utf-8 text ["\u0123"]
        y_string_u+2028_line_sep hex 5b22e280a8225d
        y_string_u+2029_par_sep hex 5b22e280a9225d
        y_string_uEscape text ["\u0061\u30af\u30EA\u30b9"]
        y_string_uescaped_newline text ["new\u000Aline"]
        y_string_unescaped_char_delete hex 5b227f225d
        y_string_unicode text ["\uA66D"]
        y_string_unicodeEscapedBackslash text ["\u005C"]
        y_string_unicode_2 hex 5b22e28d82e388b4e28d82225d
        y_string_unicode_U+10FFFE_nonchar text ["\uDBFF\uDFFE"]
        y_string_unicode_U+1FFFE_nonchar text ["\uD83F\uDFFE"]
        y_string_unicode_U+200B_ZERO_WIDTH_SPACE text ["\u200B"]
        y_string_unicode_U+2064_invisible_plus text ["\u2064"]
        y_string_unicode_U+FDD0_nonchar text ["\uFDD0"]
        y_string_unicode_U+FFFE_nonchar text ["\uFFFE"]
        y_string_unicode_escaped_double_quote text ["\u0022"]
        y_string_utf8 hex 5b22e282acf09d849e225d
        y_string_with_del_character hex 5b22617f61225d
        y_structure_lonely_false text false
        y_structure_lonely_int text 42
        y_structure_lonely_negative_real text -0.1
        y_structure_lonely_null text null
        y_structure_lonely_string text "asd"
        y_structure_lonely_true text true
        y_structure_string_empty text ""
        y_structure_trailing_newline hex 5b2261225d0a
        y_structure_true_in_array text [true]
        y_structure_whitespace_array hex 205b5d20
        """#
}
