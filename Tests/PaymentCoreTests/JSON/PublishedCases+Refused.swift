extension PublishedCases {
    /// `n_`: not JSON.
    static let refused = #"""
        n_array_1_true_without_comma text [1 true]
        n_array_a_invalid_utf8 hex 5b61e55d
        n_array_colon_instead_of_comma text ["": 1]
        n_array_comma_after_close text [""],
        n_array_comma_and_number text [,1]
        n_array_double_comma text [1,,2]
        n_array_double_extra_comma text ["x",,]
        n_array_extra_close text ["x"]]
        n_array_extra_comma text ["",]
        n_array_incomplete text ["x"
        n_array_incomplete_invalid_value text [x
        n_array_inner_array_no_comma text [3[4]]
        n_array_invalid_utf8 hex 5bff5d
        n_array_items_separated_by_semicolon text [1:2]
        n_array_just_comma text [,]
        n_array_just_minus text [-]
        n_array_missing_value text [   , ""]
        n_array_newlines_unclosed hex 5b2261222c0a340a2c312c
        n_array_number_and_comma text [1,]
        n_array_number_and_several_commas text [1,,]
        n_array_spaces_vertical_tab_formfeed hex 5b220b61225c665d
        n_array_star_inside text [*]
        n_array_unclosed text [""
        n_array_unclosed_trailing_comma text [1,
        n_array_unclosed_with_new_lines hex 5b312c0a310a2c31
        n_array_unclosed_with_object_inside text [{}
        n_incomplete_false text [fals]
        n_incomplete_null text [nul]
        n_incomplete_true text [tru]
        n_multidigit_number_then_00 hex 31323300
        n_number_++ text [++1234]
        n_number_+1 text [+1]
        n_number_+Inf text [+Inf]
        n_number_-01 text [-01]
        n_number_-1.0. text [-1.0.]
        n_number_-2. text [-2.]
        n_number_-NaN text [-NaN]
        n_number_.-1 text [.-1]
        n_number_.2e-3 text [.2e-3]
        n_number_0.1.2 text [0.1.2]
        n_number_0.3e+ text [0.3e+]
        n_number_0.3e text [0.3e]
        n_number_0.e1 text [0.e1]
        n_number_0_capital_E+ text [0E+]
        n_number_0_capital_E text [0E]
        n_number_0e+ text [0e+]
        n_number_0e text [0e]
        n_number_1.0e+ text [1.0e+]
        n_number_1.0e- text [1.0e-]
        n_number_1.0e text [1.0e]
        n_number_1_000 text [1 000.0]
        n_number_1eE2 text [1eE2]
        n_number_2.e+3 text [2.e+3]
        n_number_2.e-3 text [2.e-3]
        n_number_2.e3 text [2.e3]
        n_number_9.e+ text [9.e+]
        n_number_Inf text [Inf]
        n_number_NaN text [NaN]
        n_number_U+FF11_fullwidth_digit_one hex 5befbc915d
        n_number_expression text [1+2]
        n_number_hex_1_digit text [0x1]
        n_number_hex_2_digits text [0x42]
        n_number_infinity text [Infinity]
        n_number_invalid+- text [0e+-1]
        n_number_invalid-negative-real text [-123.123foo]
        n_number_invalid-utf-8-in-bigger-int hex 5b313233e55d
        n_number_invalid-utf-8-in-exponent hex 5b316531e55d
        n_number_invalid-utf-8-in-int hex 5b30e55d0a
        n_number_minus_infinity text [-Infinity]
        n_number_minus_sign_with_trailing_garbage text [-foo]
        n_number_minus_space_1 text [- 1]
        n_number_neg_int_starting_with_zero text [-012]
        n_number_neg_real_without_int_part text [-.123]
        n_number_neg_with_garbage_at_end text [-1x]
        n_number_real_garbage_after_e text [1ea]
        n_number_real_with_invalid_utf8_after_e hex 5b3165e55d
        n_number_real_without_fractional_part text [1.]
        n_number_starting_with_dot text [.123]
        n_number_with_alpha text [1.2a-3]
        n_number_with_alpha_char text [1.8011670033376514H-308]
        n_number_with_leading_zero text [012]
        n_object_bad_value text ["x", truth]
        n_object_bracket_key hex 7b5b3a202278227d0a
        n_object_comma_instead_of_colon text {"x", null}
        n_object_double_colon text {"x"::"b"}
        n_object_emoji hex 7bf09f87a8f09f87ad7d
        n_object_garbage_at_end text {"a":"a" 123}
        n_object_key_with_single_quotes text {key: 'value'}
        n_object_lone_continuation_byte_in_key_and_trailing_comma hex 7b22b9223a2230222c7d
        n_object_missing_colon text {"a" b}
        n_object_missing_key text {:"b"}
        n_object_missing_semicolon text {"a" "b"}
        n_object_missing_value text {"a":
        n_object_no-colon text {"a"
        n_object_non_string_key text {1:1}
        n_object_non_string_key_but_huge_number_instead text {9999E9999:1}
        n_object_repeated_null_null text {null:null,null:null}
        n_object_several_trailing_commas text {"id":0,,,,,}
        n_object_single_quote text {'a':0}
        n_object_trailing_comma text {"id":0,}
        n_object_trailing_comment text {"a":"b"}/**/
        n_object_trailing_comment_open text {"a":"b"}/**//
        n_object_trailing_comment_slash_open text {"a":"b"}//
        n_object_trailing_comment_slash_open_incomplete text {"a":"b"}/
        n_object_two_commas_in_a_row text {"a":"b",,"c":"d"}
        n_object_unquoted_key text {a: "b"}
        n_object_unterminated-value text {"a":"a
        n_object_with_single_string text { "foo" : "bar", "a" }
        n_object_with_trailing_garbage hex 7b2261223a2262227d23
        n_single_space hex 20
        n_string_1_surrogate_then_escape text ["\uD800\"]
        n_string_1_surrogate_then_escape_u text ["\uD800\u"]
        n_string_1_surrogate_then_escape_u1 text ["\uD800\u1"]
        n_string_1_surrogate_then_escape_u1x text ["\uD800\u1x"]
        n_string_accentuated_char_no_quotes text [é]
        n_string_backslash_00 hex 5b225c00225d
        n_string_escape_x text ["\x00"]
        n_string_escaped_backslash_bad text ["\\\"]
        n_string_escaped_ctrl_char_tab hex 5b225c09225d
        n_string_escaped_emoji hex 5b225cf09f8c80225d
        n_string_incomplete_escape text ["\"]
        n_string_incomplete_escaped_character text ["\u00A"]
        n_string_incomplete_surrogate text ["\uD834\uDd"]
        n_string_incomplete_surrogate_escape_invalid text ["\uD800\uD800\x"]
        n_string_invalid-utf-8-in-escape hex 5b225c75e5225d
        n_string_invalid_backslash_esc text ["\a"]
        n_string_invalid_unicode_escape text ["\uqqqq"]
        n_string_invalid_utf8_after_escape hex 5b225ce5225d
        n_string_leading_uescaped_thinspace text [\u0020"asd"]
        n_string_no_quotes_with_bad_escape text [\n]
        n_string_single_doublequote text "
        n_string_single_quote text ['single quote']
        n_string_single_string_no_double_quotes text abc
        n_string_start_escape_unclosed text ["\
        n_string_unescaped_ctrl_char hex 5b22610061225d
        n_string_unescaped_newline hex 5b226e65770a6c696e65225d
        n_string_unescaped_tab hex 5b2209225d
        n_string_unicode_CapitalU text "\UA66D"
        n_string_with_trailing_garbage text ""x
        n_structure_100000_opening_arrays times 100000 [
        n_structure_U+2060_word_joined hex 5be281a05d
        n_structure_UTF8_BOM_no_data hex efbbbf
        n_structure_angle_bracket_. text <.>
        n_structure_angle_bracket_null text [<null>]
        n_structure_array_trailing_garbage text [1]x
        n_structure_array_with_extra_array_close text [1]]
        n_structure_array_with_unclosed_string text ["asd]
        n_structure_ascii-unicode-identifier text aå
        n_structure_capitalized_True text [True]
        n_structure_close_unopened_array text 1]
        n_structure_comma_instead_of_closing_brace text {"x": true,
        n_structure_double_array text [][]
        n_structure_end_array text ]
        n_structure_incomplete_UTF8_BOM hex efbb7b7d
        n_structure_lone-invalid-utf-8 hex e5
        n_structure_lone-open-bracket text [
        n_structure_no_data hex
        n_structure_null-byte-outside-string hex 5b005d
        n_structure_number_with_trailing_garbage text 2@
        n_structure_object_followed_by_closing_object text {}}
        n_structure_object_unclosed_no_value text {"":
        n_structure_object_with_comment text {"a":/*comment*/"b"}
        n_structure_object_with_trailing_garbage text {"a": true} "x"
        n_structure_open_array_apostrophe text ['
        n_structure_open_array_comma text [,
        n_structure_open_array_object times 50000 [{"":
        n_structure_open_array_open_object text [{
        n_structure_open_array_open_string text ["a
        n_structure_open_array_string text ["a"
        n_structure_open_object text {
        n_structure_open_object_close_array text {]
        n_structure_open_object_comma text {,
        n_structure_open_object_open_array text {[
        n_structure_open_object_open_string text {"a
        n_structure_open_object_string_with_apostrophes text {'a'
        n_structure_open_open text ["\{["\{["\{["\{
        n_structure_single_eacute hex e9
        n_structure_single_star text *
        n_structure_trailing_# hex 7b2261223a2262227d237b7d
        n_structure_uescaped_LF_before_string text [\u000A""]
        n_structure_unclosed_array text [1
        n_structure_unclosed_array_partial_null text [ false, nul
        n_structure_unclosed_array_unfinished_false text [ true, fals
        n_structure_unclosed_array_unfinished_true text [ false, tru
        n_structure_unclosed_object text {"asd":"asd"
        n_structure_unicode-identifier text å
        n_structure_whitespace_U+2060_word_joiner hex 5be281a05d
        n_structure_whitespace_formfeed hex 5b0c5d
        """#
}
