"""Code values of dues. Source: 《关于中国共产党党费收缴、使用和管理的规定》（2008）."""

from django.db import models


class PayerKind(models.TextChoices):
    """What the dues of a member are reckoned from; 第一至第七条."""

    EMPLOYED = "employed", "按月领工资"
    ANNUAL_SALARY = "annual_salary", "年薪制"
    SELF_EMPLOYED = "self_employed", "个体经营等不按月取得收入"
    RETIRED = "retired", "离退休"
    FARMER = "farmer", "农民"
    STUDENT = "student", "学生"
    LAID_OFF = "laid_off", "下岗失业"
    RELIEF = "relief", "靠抚恤救济或领低保"
    REDUCED = "reduced", "经批准少交或免交"


class DuesRounding(models.TextChoices):
    FEN = "fen", "到分，四舍五入"
    JIAO = "jiao", "到角，四舍五入"
